import type { Track } from './catalogue.ts';
import { GENRES } from './names.ts';
import type { Person, Source } from './people.ts';
import { type Chance, Weighted, zipf } from './random.ts';

export interface Listen {
  user_id: string;
  track_id: string;
  at: number;
  ms_played: number | null;
  completed: boolean | null;
  device_type: string | null;
  source: Source;
}

/** How much people listen in each hour of the day, UTC. */
const RHYTHM = [20, 14, 9, 6, 5, 6, 12, 22, 32, 34, 32, 33, 36, 35, 34, 35, 39, 46, 52, 54, 50, 44, 36, 28];
const HOURS = RHYTHM.map((_, hour) => hour);
const DEVICES: Record<Source, readonly string[]> = {
  web: ['desktop', 'desktop', 'laptop'],
  mobile: ['phone', 'phone', 'phone', 'tablet'],
  speaker: ['speaker', 'tv', 'car'],
};
const TRACKS_A_SESSION = 7;
const HOUR_MS = 3_600_000;

/** The tracks to choose from: all by popularity, or those of a genre that a person likes. */
class Library {
  readonly #all: Weighted<Track>;
  readonly #genres = new Map<string, Weighted<Track>>();

  constructor(tracks: readonly Track[]) {
    this.#all = zipf(tracks, 0.95);
    for (const genre of GENRES) {
      const members = tracks.filter(({ genres }) => genres[0] === genre);
      if (members.length > 0) this.#genres.set(genre, zipf(members, 0.9));
    }
  }

  choose(chance: Chance, person: Person): Track {
    const liked = chance.happens(0.6) ? this.#genres.get(chance.pick(person.favourites)) : undefined;
    return (liked ?? this.#all).pick(chance);
  }
}

const heard = (chance: Chance, track: Track): { ms: number; completed: boolean } => {
  if (chance.happens(0.14)) return { ms: chance.int(1_000, 29_999), completed: false };
  if (chance.happens(0.1)) return { ms: chance.int(30_000, track.duration_ms), completed: false };
  return { ms: track.duration_ms, completed: true };
};

function* session(chance: Chance, person: Person, library: Library, from: number): Generator<Listen> {
  const device = chance.pick(DEVICES[person.source]);
  let at = from;
  for (let left = chance.atLeastOne(TRACKS_A_SESSION); left > 0; left--) {
    const track = library.choose(chance, person);
    const { ms, completed } = heard(chance, track);
    yield {
      user_id: person.user_id,
      track_id: track.track_id,
      at,
      ms_played: chance.happens(0.03) ? null : ms,
      completed: chance.happens(0.1) ? null : completed,
      device_type: chance.happens(0.02) ? null : device,
      source: person.source,
    };
    at += ms + chance.int(300, 6_000);
  }
}

/** Makes about `howMany` listens of one day in order of time. What would fall on the next day is left out. */
export const listenForADay = (
  chance: Chance,
  people: readonly Person[],
  tracks: readonly Track[],
  midnight: number,
  howMany: number,
): Listen[] => {
  const library = new Library(tracks);
  const listeners = zipf(people, 0.45);
  const hours = new Weighted(HOURS, (hour) => RHYTHM[hour] ?? 0);
  const listens: Listen[] = [];
  while (listens.length < howMany) {
    const from = midnight + hours.pick(chance) * HOUR_MS + chance.int(0, HOUR_MS);
    for (const listen of session(chance, listeners.pick(chance), library, from)) {
      if (listen.at < midnight + 24 * HOUR_MS) listens.push(listen);
    }
  }
  return listens.sort((a, b) => a.at - b.at);
};
