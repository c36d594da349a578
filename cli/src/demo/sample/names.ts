import type { Chance } from './random.ts';

// biome-ignore format: a list reads best in rows
export const GENRES = [
  'acoustic', 'afrobeat', 'ambient', 'blues', 'bossa nova', 'chill', 'classical', 'country', 'dance', 'disco',
  'drum and bass', 'dub', 'electronic', 'flamenco', 'folk', 'funk', 'gospel', 'grunge', 'hip-hop', 'house',
  'indie', 'jazz', 'k-pop', 'latin', 'lo-fi', 'metal', 'new age', 'opera', 'piano', 'pop',
  'punk', 'r-n-b', 'reggae', 'rock', 'salsa', 'ska', 'soul', 'synth-pop', 'techno', 'trip-hop',
] as const;

// biome-ignore format: a list reads best in rows
const QUALITIES = [
  'Silver', 'Hollow', 'Northern', 'Velvet', 'Paper', 'Electric', 'Quiet', 'Golden', 'Broken', 'Distant', 'Crimson',
  'Midnight', 'Wooden', 'Lucky', 'Frozen', 'Marble', 'Wild', 'Gentle', 'Rusty', 'Neon', 'Coastal', 'Secret', 'Tall',
  'Amber',
];
// biome-ignore format: a list reads best in rows
const THINGS = [
  'Rivers', 'Lanterns', 'Foxes', 'Harbor', 'Engines', 'Gardens', 'Satellites', 'Mirrors', 'Sparrows', 'Avenues',
  'Tides', 'Orchards', 'Pilots', 'Canyons', 'Clocks', 'Wolves', 'Islands', 'Letters', 'Embers', 'Bridges',
  'Stations', 'Maps', 'Ghosts', 'Kites',
];
// biome-ignore format: a list reads best in rows
const FIRST = [
  'Ada', 'Milo', 'Noor', 'Ines', 'Tomas', 'Freya', 'Kofi', 'Lena', 'Mateo', 'Yuki', 'Amara', 'Elias', 'Zora', 'Ravi',
  'Clara', 'Jonas', 'Leïla', 'Óscar', 'Sofía', 'Björn', 'Mei', 'Anton', 'Rosa', 'Idris',
];
// biome-ignore format: a list reads best in rows
const LAST = [
  'Okafor', 'Lindqvist', 'Marlowe', 'Tanaka', 'Reyes', 'Novak', 'Castellan', 'Ibarra', 'Winters', 'Halloran',
  'Moreau', 'Petrov', 'Adeyemi', 'Köhler', 'Sandoval', 'Vance', 'Ferrante', 'Ashdown', 'Delgado', 'Nakamura',
  'Bright', 'Sørensen',
];
// biome-ignore format: a list reads best in rows
const VERBS = [
  'Chasing', 'Leaving', 'Calling', 'Under', 'Beyond', 'Losing', 'Painting', 'Waiting for', 'Dreaming of', 'Back to',
];
// biome-ignore format: a list reads best in rows
const MOMENTS = [
  'the Morning', 'Summer Rain', 'the City Lights', 'November', 'Your Shadow', 'the Last Train', 'Home', 'the Horizon',
  'a Stranger', 'the Moon', 'Old Photographs', 'Tomorrow', 'Saturn', 'the Sea', 'Sunday', 'the Silence', 'Blue Smoke',
];
const EXTRAS = [' (Live)', ' (Acoustic)', ' - Remastered', ', Pt. 2', ' (Radio Edit)', ' "Reprise"'];

/** Makes the name of a person or a band. */
export const artistName = (chance: Chance): string => {
  if (chance.happens(0.5)) return `${chance.pick(FIRST)} ${chance.pick(LAST)}`;
  const name = `${chance.pick(QUALITIES)} ${chance.pick(THINGS)}`;
  return chance.happens(0.4) ? `The ${name}` : name;
};

/** Makes a title. Some have commas or quotes, which CSV has to quote. */
export const trackName = (chance: Chance): string => {
  const kind = chance.next();
  const plain =
    kind < 0.4
      ? `${chance.pick(VERBS)} ${chance.pick(MOMENTS)}`
      : kind < 0.75
        ? `${chance.pick(QUALITIES)} ${chance.pick(THINGS)}`
        : chance.pick(MOMENTS).replace(/^the |^a /, '');
  return chance.happens(0.1) ? plain + chance.pick(EXTRAS) : plain;
};

export const albumName = (chance: Chance): string => `${chance.pick(QUALITIES)} ${chance.pick(MOMENTS)}`;

export const personName = (chance: Chance): string => `${chance.pick(FIRST)} ${chance.pick(LAST)}`;

const BASE62 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Makes an id of 22 characters, as music services name tracks. */
export const trackId = (chance: Chance): string =>
  Array.from({ length: 22 }, () => BASE62.charAt(chance.int(0, BASE62.length))).join('');
