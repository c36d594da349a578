import { addDays } from '../../shared/dates.ts';
import { makeCatalogue, songsCsv } from './catalogue.ts';
import { DEFECTS, type Defect, spoiltLine } from './defects.ts';
import { LAYOUTS, pack } from './layouts.ts';
import { type Listen, listenForADay } from './listening.ts';
import { makePeople, type Source, usersCsv } from './people.ts';
import { Chance } from './random.ts';

export interface SampleOptions {
  seed: number;
  /** The day after the last of the sample, `YYYY-MM-DD`. */
  today: string;
  days?: number;
  listensADay?: number;
  tracks?: number;
  people?: number;
}

export interface SampleFile {
  kind: 'stream' | 'songs' | 'users';
  name: string;
  bytes: Buffer;
}

/** A sample and what is in it: what the pipeline must find. */
export interface Sample {
  dates: string[];
  files: SampleFile[];
  rows: number;
  quarantined: Record<Defect, number>;
  /** Copies within a file, and of rows of an earlier file. */
  repeated: { within: number; across: number };
}

const SOURCES: readonly Source[] = ['web', 'mobile', 'speaker'];
const SLOTS = 4;
const SLOT_MS = (24 / SLOTS) * 3_600_000;
const WRONG = 0.01;
const REPEATED = 0.002;

/** Turns the listens of one file into its lines, some of them wrong, some twice. */
class Writer {
  readonly quarantined: Record<Defect, number>;
  readonly repeated = { within: 0, across: 0 };
  rows = 0;
  #carried = new Map<Source, string[]>();
  #turn = 0;

  constructor(private readonly chance: Chance) {
    this.quarantined = {
      malformed_row: 0,
      missing_field: 0,
      too_long: 0,
      bad_timestamp: 0,
      timestamp_out_of_range: 0,
      bad_number: 0,
      unknown_user: 0,
      unknown_track: 0,
    };
  }

  lines(source: Source, listens: readonly Listen[]): string[] {
    const layout = LAYOUTS[source];
    const late = this.#carried.get(source) ?? [];
    const carried: string[] = [];
    this.repeated.across += late.length;
    const lines = [...late];
    listens.forEach((listen, i) => {
      const row = layout.row(listen, i);
      const line = layout.line(row);
      if (this.chance.happens(WRONG)) {
        const defect = DEFECTS[this.#turn++ % DEFECTS.length] ?? 'malformed_row';
        this.quarantined[defect] += 1;
        lines.push(spoiltLine(defect, row, layout, this.chance));
        return;
      }
      lines.push(line);
      if (!this.chance.happens(REPEATED)) return;
      if (this.chance.happens(0.3)) carried.push(line);
      else {
        lines.push(line);
        this.repeated.within += 1;
      }
    });
    this.#carried.set(source, carried);
    this.rows += lines.length;
    return lines;
  }
}

const pad = (slot: number): string => String((slot * 24) / SLOTS).padStart(2, '0');

/** Days of listening before `today`: a catalogue, its listeners and stream files in several formats. Same options, same bytes. */
export const makeSample = (options: SampleOptions): Sample => {
  const {
    seed,
    today,
    days = 3,
    listensADay = 14_000,
    tracks: howManyTracks = 3000,
    people: howManyPeople = 2500,
  } = options;
  const chance = new Chance(seed);
  const tracks = makeCatalogue(chance, howManyTracks);
  const people = makePeople(chance, howManyPeople, today);
  const writer = new Writer(chance);
  const dates = Array.from({ length: days }, (_, i) => addDays(today, i - days));
  const listeners = chance.shuffled(people);
  const streams = dates.flatMap((date) => {
    const midnight = Date.parse(`${date}T00:00:00Z`);
    const listens = listenForADay(chance, listeners, tracks, midnight, listensADay);
    const slots = Array.from({ length: SLOTS }, (_, slot) => slot);
    return slots.flatMap((slot) =>
      SOURCES.map((source): SampleFile => {
        const own = listens.filter((l) => l.source === source && Math.floor((l.at - midnight) / SLOT_MS) === slot);
        const extension = LAYOUTS[source].extension(slot);
        const lines = [LAYOUTS[source].header, ...writer.lines(source, own)].filter((line) => line !== null);
        return {
          kind: 'stream',
          name: `${date}-${source}-${pad(slot)}.${extension}`,
          bytes: pack(`${lines.join('\n')}\n`, extension),
        };
      }),
    );
  });
  return {
    dates,
    files: [
      { kind: 'songs', name: 'songs.csv', bytes: Buffer.from(songsCsv(chance, tracks)) },
      { kind: 'users', name: 'users.csv', bytes: Buffer.from(usersCsv(chance, people)) },
      ...streams,
    ],
    rows: writer.rows,
    quarantined: writer.quarantined,
    repeated: writer.repeated,
  };
};
