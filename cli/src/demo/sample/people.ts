import { addDays } from '../../shared/dates.ts';
import { csv } from './csv.ts';
import { GENRES, personName } from './names.ts';
import { type Chance, Weighted, zipf } from './random.ts';

export const SOURCES = ['web', 'mobile', 'speaker'] as const;
export type Source = (typeof SOURCES)[number];

export interface Person {
  user_id: string;
  name: string;
  age: number;
  country: string;
  created_at: string;
  favourites: string[];
  /** How the person listens. */
  source: Source;
}

// biome-ignore format: a list reads best in rows
const COUNTRIES = [
  'US', 'BR', 'DE', 'GB', 'IN', 'MX', 'FR', 'ES', 'JP', 'PL', 'NG', 'SE', 'IT', 'NL', 'ID', 'CA', 'TR', 'PT', 'KR',
  'ZA', 'AR', 'NO', 'PH', 'KE', 'FI',
];

/** Makes listeners, the most active first. */
export const makePeople = (chance: Chance, howMany: number, today: string): Person[] => {
  const countries = zipf(COUNTRIES, 0.8);
  const genres = zipf(chance.shuffled(GENRES), 0.5);
  const sources = new Weighted<Source>(['mobile', 'web', 'speaker'], (_, i) => [5, 3, 2][i] ?? 1);
  return Array.from({ length: howMany }, (_, i) => ({
    user_id: `u${String(10_000 + i)}`,
    name: personName(chance),
    age: 16 + Math.floor(50 * chance.next() * chance.next()),
    country: chance.happens(0.01) ? '' : countries.pick(chance),
    created_at: addDays(today, -chance.int(30, 2000)),
    favourites: [...new Set(Array.from({ length: 3 }, () => genres.pick(chance)))],
    source: sources.pick(chance),
  }));
};

export const usersCsv = (chance: Chance, people: readonly Person[]): string =>
  csv(
    ['user_id', 'user_name', 'user_age', 'user_country', 'created_at'],
    chance
      .shuffled(people)
      .map(({ user_id, name, age, country, created_at }) => [user_id, name, String(age), country, created_at]),
  );
