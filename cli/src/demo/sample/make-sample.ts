import type { Kind } from '../../put/detect-format.ts';
import { addDays } from '../../shared/dates.ts';
import { makeCatalogue, songsCsv } from './catalogue.ts';
import type { Defect } from './defects.ts';
import { LAYOUTS, pack } from './layouts.ts';
import { type Listen, listenForADay } from './listening.ts';
import { makePeople, SOURCES, type Source, usersCsv } from './people.ts';
import { Chance } from './random.ts';
import { SpoilingWriter } from './spoiling-writer.ts';

export interface SampleOptions {
  seed: number;
  /** The day after the last of the sample, `YYYY-MM-DD`. */
  today: string;
}

export interface SampleFile {
  kind: Kind;
  name: string;
  bytes: Buffer;
}

/** A sample, and what the pipeline must find in it. */
export interface Sample {
  dates: string[];
  files: SampleFile[];
  rows: number;
  quarantined: Record<Defect, number>;
  /** Duplicates within a file, and of rows of an earlier file. */
  repeated: { within: number; across: number };
}

const DAYS = 3;
const LISTENS_A_DAY = 14_000;
const TRACKS = 3000;
const PEOPLE = 2500;
/** Each source writes a file for every quarter of a day. */
const SLOTS = [0, 1, 2, 3];
const SLOT_HOURS = 24 / SLOTS.length;
const HOUR_MS = 3_600_000;

const slotOf = ({ at }: Listen, midnight: number): number => Math.floor((at - midnight) / (SLOT_HOURS * HOUR_MS));

const streamFile = (
  writer: SpoilingWriter,
  date: string,
  slot: number,
  source: Source,
  listens: readonly Listen[],
): SampleFile => {
  const { header, extension } = LAYOUTS[source];
  const lines = [...(header === null ? [] : [header]), ...writer.lines(source, listens)];
  const hour = String(slot * SLOT_HOURS).padStart(2, '0');
  const name = `${date}-${source}-${hour}.${extension(slot)}`;
  return { kind: 'stream', name, bytes: pack(`${lines.join('\n')}\n`, extension(slot)) };
};

/**
 * Makes three days of listening before `today`: a catalogue, its listeners, and stream files in several formats. The
 * same options make the same bytes.
 */
export const makeSample = ({ seed, today }: SampleOptions): Sample => {
  const chance = new Chance(seed);
  const tracks = makeCatalogue(chance, TRACKS);
  const people = makePeople(chance, PEOPLE, today);
  const writer = new SpoilingWriter(chance);
  const dates = Array.from({ length: DAYS }, (_, i) => addDays(today, i - DAYS));
  const listeners = chance.shuffled(people);
  const streams = dates.flatMap((date) => {
    const midnight = Date.parse(`${date}T00:00:00Z`);
    const listens = listenForADay(chance, listeners, tracks, midnight, LISTENS_A_DAY);
    const partOf = (source: Source, slot: number): Listen[] =>
      listens.filter((listen) => listen.source === source && slotOf(listen, midnight) === slot);
    return SLOTS.flatMap((slot) =>
      SOURCES.map((source) => streamFile(writer, date, slot, source, partOf(source, slot))),
    );
  });
  const songs: SampleFile = { kind: 'songs', name: 'songs.csv', bytes: Buffer.from(songsCsv(chance, tracks)) };
  const users: SampleFile = { kind: 'users', name: 'users.csv', bytes: Buffer.from(usersCsv(chance, people)) };
  const { rows, quarantined, repeated } = writer;
  return { dates, files: [songs, users, ...streams], rows, quarantined, repeated };
};
