import { count, duration, fold, table } from '../shared/format.ts';
import type { DayKpis } from './day-kpis.ts';

const hourWords = (hour: number | null): string => {
  const at = (h: number): string => `${String(h).padStart(2, '0')}:00`;
  return hour === null ? '' : `${at(hour)}–${at(hour + 1)}`;
};

const overviewLines = ({ overview }: DayKpis): string[] => {
  if (!overview) return ['  no listens'];
  const rows = [
    ['listens', count(overview.listen_count), 'active users', count(overview.daily_active_users)],
    ['skips', count(overview.skip_count), 'sessions', count(overview.sessions)],
    ['distinct tracks', count(overview.distinct_tracks), 'average session', duration(overview.avg_session_ms ?? 0)],
    ['listening time', duration(overview.total_listening_ms), 'peak hour (UTC)', hourWords(overview.peak_hour)],
  ];
  return rows.map(
    ([a = '', b = '', c = '', d = '']) => `  ${a.padEnd(18)}${b.padStart(14)}    ${c.padEnd(18)}${d.padStart(14)}`,
  );
};

const GENRE_COLUMNS = [
  { title: '#', right: true },
  { title: 'genre', max: 13 },
  { title: 'listens', right: true },
  { title: 'listeners', right: true },
  { title: 'top songs', max: 28 },
  { title: 'listens', right: true },
];

const genreLines = ({ genres }: DayKpis): string[] => {
  const rows = genres.flatMap(({ rank, genre, listens, listeners, songs }) =>
    (songs.length > 0 ? songs : [{ title: '', listens: 0 }]).map((song, i) => [
      ...(i === 0 ? [String(rank), genre, count(listens), count(listeners)] : ['', '', '', '']),
      song.title,
      count(song.listens),
    ]),
  );
  return table(GENRE_COLUMNS, rows, '  ');
};

const TRENDING_COLUMNS = [
  { title: '#', right: true },
  { title: 'track', max: 42 },
  { title: 'plays in 24 h', right: true },
  { title: '24 h before', right: true },
];

const trendingLines = ({ trending }: DayKpis): string[] => {
  if (!trending) return ['  nothing'];
  const rows = trending.tracks.map(({ rank, title, plays, before }) => [
    String(rank),
    title,
    count(plays),
    count(before),
  ]);
  return table(TRENDING_COLUMNS, rows, '  ');
};

/** Renders the tables of one day. */
export const renderDay = (day: DayKpis): string[] => [
  '',
  `Overview of ${day.date}`,
  ...overviewLines(day),
  '',
  `Top genres of ${day.date}`,
  ...genreLines(day),
  '',
  `Trending${day.trending ? `, as of ${day.trending.asOf.slice(0, 16).replace('T', ' ')} UTC` : ''}`,
  ...trendingLines(day),
];

/** Renders a day in short. */
export const renderDayShort = ({ date, overview, genres }: DayKpis): string[] => {
  if (!overview) return [`  ${date}: no listens`];
  const top = genres.slice(0, 3).map(({ genre, listens }) => `${genre} ${count(listens)}`);
  const { listen_count, skip_count, daily_active_users } = overview;
  const counts = `${count(listen_count)} listens, ${count(skip_count)} skips, ${count(daily_active_users)} users`;
  return fold(`${date}: ${counts}; ${top.join(', ')}`, 2);
};
