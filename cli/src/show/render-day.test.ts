import type { Item } from '../shared/aws/item.ts';
import { MemoryTable } from '../testing/fakes.ts';
import { readDay } from './read-day.ts';
import { renderDay, renderDayShort } from './render-day.ts';

const DATE = '2018-11-15';
const LONG = 'A Name That Nobody Can Pronounce in One Breath '.repeat(3);
const n = (value: number) => ({ N: String(value) });
const song = (rank: number, fields: Item) => ({
  M: { rank: n(rank), track_id: { S: `t${rank}` }, track_name: { S: LONG }, artists: { S: 'Ada;Milo' }, ...fields },
});
const item = (metric_key: string, period: string, fields: Item): Item => ({
  metric_key: { S: metric_key },
  period: { S: period },
  ...fields,
});

const table = new MemoryTable([
  item('daily_overview', DATE, {
    ...{ listen_count: n(1_234_567), skip_count: n(12_345), daily_active_users: n(98_765), distinct_tracks: n(3000) },
    ...{ total_listening_ms: n(7e12), sessions: n(123_456), avg_session_ms: n(1_800_000), peak_hour: n(19) },
  }),
  item('top_genres', DATE, {
    genres: { L: [{ M: { rank: n(1), genre: { S: 'drum and bass and more' }, listen_count: n(1_000_000) } }] },
  }),
  item('genre_daily#drum and bass and more', DATE, {
    unique_listeners: n(90_000),
    top_songs: { L: [song(1, { listen_count: n(500_000) }), song(2, { listen_count: n(1) })] },
  }),
  item('trending_24h', '2018-11-15T18:00:00Z', { tracks: { L: [] } }),
  item('trending_24h', '2018-11-16T00:00:00Z', {
    tracks: { L: [song(1, { plays_24h: n(1_000_000), plays_prev_24h: n(999_999) })] },
  }),
]);

test('a day is shown with its overview, genres and last trending hour, in 80 columns', async () => {
  const lines = renderDay(await readDay(table, DATE));
  expect(lines).toContain('Trending, as of 2018-11-16 00:00 UTC');
  expect(lines.join('\n')).toContain('peak hour (UTC)      19:00–20:00');
  expect(lines.filter((line) => /^ {2}1 {2}drum and bas… {2}1,000,000 +90,000 /.test(line))).toHaveLength(1);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test('a day in short has its counts and top genres', async () => {
  const lines = renderDayShort(await readDay(table, DATE));
  expect(lines.join(' ')).toContain('2018-11-15: 1,234,567 listens, 12,345 skips, 98,765 users;');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test('a day without listens says so', async () => {
  const day = await readDay(new MemoryTable([]), DATE);
  expect(renderDay(day)).toContain('  no listens');
  expect(renderDayShort(day)).toEqual(['  2018-11-15: no listens']);
});
