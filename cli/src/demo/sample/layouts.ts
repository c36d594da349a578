import { gzipSync, zstdCompressSync } from 'node:zlib';
import { csvLine } from './csv.ts';
import type { Listen } from './listening.ts';
import type { Source } from './people.ts';

/** The cells of a row by their meaning; null is left out. */
export interface Row {
  event_id: string | null;
  user_id: string;
  track_id: string;
  time: string;
  played: string | null;
  completed: string | null;
  device_type: string | null;
}

/** How one source writes its listens. */
export interface Layout {
  row(listen: Listen, number: number): Row;
  header: string | null;
  line(row: Row): string;
  /** Times out of range, in this source's notation. */
  outOfRange: readonly string[];
  extension(slot: number): string;
  /** Makes a line that is no row of this layout. */
  spoil(line: string): string;
}

const iso = (at: number): string => new Date(at).toISOString();
const text = (value: number | boolean | null): string | null => (value === null ? null : String(value));

const basic = (listen: Listen): Omit<Row, 'time' | 'played' | 'event_id'> => ({
  user_id: listen.user_id,
  track_id: listen.track_id,
  completed: text(listen.completed),
  device_type: listen.device_type,
});

/** CSV without event ids; one file in four is packed with zstd. */
const web: Layout = {
  row: (listen) => ({
    ...basic(listen),
    event_id: null,
    time: iso(listen.at).replace('T', ' ').slice(0, 23),
    played: text(listen.ms_played),
  }),
  header: 'user_id,track_id,listen_time,ms_played,completed,device_type',
  line: (row) =>
    csvLine([row.user_id, row.track_id, row.time, row.played ?? '', row.completed ?? '', row.device_type ?? '']),
  outOfRange: ['1970-01-01 00:00:00.000', '2099-12-31 23:59:59.999'],
  extension: (slot) => (slot % 4 === 3 ? 'csv.zst' : 'csv'),
  spoil: (line) => line.slice(0, line.lastIndexOf(',')),
};

const jsonNumber = (value: string | null): number | string | undefined => {
  if (value === null) return undefined;
  return /^\d+$/.test(value) ? Number(value) : value;
};

/** JSON lines with event ids and times in ISO 8601; every other file is packed with gzip. */
const mobile: Layout = {
  row: (listen, number) => ({
    ...basic(listen),
    event_id: `m${listen.at.toString(36)}-${number.toString(36)}`,
    time: iso(listen.at),
    played: text(listen.ms_played),
  }),
  header: null,
  line: (row) =>
    JSON.stringify({
      event_id: row.event_id ?? undefined,
      user_id: row.user_id,
      track_id: row.track_id,
      listen_time: row.time,
      ms_played: jsonNumber(row.played),
      completed: row.completed === 'true' ? true : row.completed === 'false' ? false : (row.completed ?? undefined),
      device_type: row.device_type ?? undefined,
      app_version: '7.4.1',
    }),
  outOfRange: ['1969-07-20T20:17:40.000Z', '2099-01-01T00:00:00.000Z'],
  extension: (slot) => (slot % 2 === 0 ? 'jsonl' : 'jsonl.gz'),
  spoil: (line) => line.slice(0, Math.floor(line.length / 2)),
};

/** CSV of an older device: other column names, epoch seconds, whole seconds played; gzip. */
const speaker: Layout = {
  row: (listen) => ({
    ...basic(listen),
    event_id: null,
    time: String(Math.floor(listen.at / 1000)),
    played: listen.ms_played === null ? null : String(Math.floor(listen.ms_played / 1000)),
  }),
  header: 'TIMESTAMP,SONG_ID,USER_ID,DURATION,DEVICE_TYPE,FIRMWARE',
  line: (row) => csvLine([row.time, row.track_id, row.user_id, row.played ?? '', row.device_type ?? '', '2.1']),
  outOfRange: ['0000000000', '4102444800'],
  extension: () => 'csv.gz',
  spoil: (line) => `${line},and,more`,
};

export const LAYOUTS: Record<Source, Layout> = { web, mobile, speaker };

/** Packs a text as its extension says. */
export const pack = (content: string, extension: string): Buffer => {
  const bytes = Buffer.from(content, 'utf8');
  if (extension.endsWith('.gz')) return gzipSync(bytes);
  return extension.endsWith('.zst') ? zstdCompressSync(bytes) : bytes;
};
