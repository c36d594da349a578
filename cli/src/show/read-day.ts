import { z } from 'zod';
import { attributeJson, type Item } from '../shared/aws/item.ts';
import { periodsOf } from '../shared/dates.ts';
import type { KpiTable } from '../shared/ports.ts';
import type { DayKpis } from './day-kpis.ts';

const Song = z.object({ rank: z.int(), track_name: z.string().nullish(), artists: z.unknown() });
const TopGenres = z.object({ genres: z.array(z.object({ rank: z.int(), genre: z.string(), listen_count: z.int() })) });
const Genre = z.object({
  unique_listeners: z.int(),
  top_songs: z.array(Song.extend({ listen_count: z.int() })),
});
const Trending = z.object({
  period: z.string(),
  tracks: z.array(Song.extend({ plays_24h: z.int(), plays_prev_24h: z.int() })),
});
const Overview = z.object({
  listen_count: z.int(),
  skip_count: z.int(),
  daily_active_users: z.int(),
  distinct_tracks: z.int(),
  total_listening_ms: z.int(),
  sessions: z.int(),
  avg_session_ms: z.int().nullable(),
  peak_hour: z.int().nullable(),
});

const parse = <T>(item: Item, schema: z.ZodType<T>): T => schema.parse(JSON.parse(attributeJson({ M: item })));

/** Reads the last item of a partition between two sort keys; null where there is none. */
const readLast = async <T>(items: AsyncIterable<Item>, schema: z.ZodType<T>): Promise<T | null> => {
  let last: Item | null = null;
  for await (const item of items) last = item;
  return last && parse(last, schema);
};

const songTitle = ({ track_name, artists }: z.infer<typeof Song>): string =>
  `${track_name ?? '(unnamed)'} – ${String(artists ?? '').replaceAll(';', ', ')}`;

const readGenres = async (table: KpiTable, date: string): Promise<DayKpis['genres']> => {
  const top = await readLast(table.partition('top_genres', date, date), TopGenres);
  const genres: DayKpis['genres'] = [];
  for (const { rank, genre, listen_count } of top?.genres ?? []) {
    const daily = await readLast(table.partition(`genre_daily#${genre}`, date, date), Genre);
    const songs = (daily?.top_songs ?? []).map((song) => ({ title: songTitle(song), listens: song.listen_count }));
    genres.push({ rank, genre, listens: listen_count, listeners: daily?.unique_listeners ?? 0, songs });
  }
  return genres;
};

const readTrending = async (table: KpiTable, date: string): Promise<DayKpis['trending']> => {
  const { from, to } = periodsOf({ from: date, to: date }, 'as_of');
  const hour = await readLast(table.partition('trending_24h', from, to), Trending);
  if (!hour) return null;
  const tracks = hour.tracks.map((track) => ({
    rank: track.rank,
    title: songTitle(track),
    plays: track.plays_24h,
    before: track.plays_prev_24h,
  }));
  return { asOf: hour.period, tracks };
};

/** Reads what a person wants to see of a day, as an application would: a few items by their keys. */
export const readDay = async (table: KpiTable, date: string): Promise<DayKpis> => ({
  date,
  overview: await readLast(table.partition('daily_overview', date, date), Overview),
  genres: await readGenres(table, date),
  trending: await readTrending(table, date),
});
