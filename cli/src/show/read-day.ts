import { z } from 'zod';
import { attributeJson, type Item } from '../shared/aws/item.ts';
import { type DateHeader, parseHeader } from '../shared/date-headers.ts';
import { addDays } from '../shared/dates.ts';
import type { KpiTable } from '../shared/ports.ts';
import type { DayKpis } from './render-day.ts';

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

const plain = (item: Item): unknown => JSON.parse(attributeJson({ M: item }));

const first = async <T>(items: AsyncIterable<Item>, schema: z.ZodType<T>): Promise<T | null> => {
  for await (const item of items) return schema.parse(plain(item));
  return null;
};

const last = async <T>(items: AsyncIterable<Item>, schema: z.ZodType<T>): Promise<T | null> => {
  let found: Item | null = null;
  for await (const item of items) found = item;
  return found === null ? null : schema.parse(plain(found));
};

const artistsOf = (artists: unknown): string => String(artists ?? '').replaceAll(';', ', ');

const songTitle = (song: { track_name?: string | null | undefined; artists?: unknown }): string =>
  `${song.track_name ?? '(unnamed)'} – ${artistsOf(song.artists)}`;

/** What a person wants to see of a day, read as an application would: a few items by their keys. */
export const readDay = async (table: KpiTable, date: string): Promise<DayKpis> => {
  const top = await first(table.partition('top_genres', date, date), TopGenres);
  const genres: DayKpis['genres'] = [];
  for (const { rank, genre, listen_count } of top?.genres ?? []) {
    const daily = await first(table.partition(`genre_daily#${genre}`, date, date), Genre);
    genres.push({
      rank,
      genre,
      listens: listen_count,
      listeners: daily?.unique_listeners ?? 0,
      songs: (daily?.top_songs ?? []).map((song) => ({ title: songTitle(song), listens: song.listen_count })),
    });
  }
  const trending = await last(
    table.partition('trending_24h', `${date}T00:00:01Z`, `${addDays(date, 1)}T00:00:00Z`),
    Trending,
  );
  return {
    date,
    overview: await first(table.partition('daily_overview', date, date), Overview),
    genres,
    trending: trending && {
      asOf: trending.period,
      tracks: trending.tracks.map((track) => ({
        rank: track.rank,
        title: songTitle(track),
        plays: track.plays_24h,
        before: track.plays_prev_24h,
      })),
    },
  };
};

/** Dates of the table that have rows, the earliest first. */
export const readDates = async (table: KpiTable): Promise<DateHeader[]> => {
  const dates: DateHeader[] = [];
  for await (const item of table.partition('header', '0000', '9999')) dates.push(parseHeader(item));
  return dates.filter(({ ledger }) => (ledger?.accepted ?? 0) > 0);
};
