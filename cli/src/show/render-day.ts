import { count, duration, table } from '../shared/format.ts';

/** What is shown of one day. */
export interface DayKpis {
  date: string;
  overview: {
    listen_count: number;
    skip_count: number;
    daily_active_users: number;
    distinct_tracks: number;
    total_listening_ms: number;
    sessions: number;
    avg_session_ms: number | null;
    peak_hour: number | null;
  } | null;
  genres: {
    rank: number;
    genre: string;
    listens: number;
    listeners: number;
    songs: { title: string; listens: number }[];
  }[];
  trending: { asOf: string; tracks: { rank: number; title: string; plays: number; before: number }[] } | null;
}

const hour = (h: number): string => `${String(h).padStart(2, '0')}:00–${String(h + 1).padStart(2, '0')}:00`;

const overviewLines = ({ overview }: DayKpis): string[] => {
  if (!overview) return ['  no listens'];
  const rows = [
    ['listens', count(overview.listen_count), 'active users', count(overview.daily_active_users)],
    ['skips', count(overview.skip_count), 'sessions', count(overview.sessions)],
    ['different tracks', count(overview.distinct_tracks), 'average session', duration(overview.avg_session_ms ?? 0)],
    [
      'listening time',
      duration(overview.total_listening_ms),
      'peak hour (UTC)',
      overview.peak_hour === null ? '' : hour(overview.peak_hour),
    ],
  ];
  return rows.map(
    ([a = '', b = '', c = '', d = '']) => `  ${a.padEnd(18)}${b.padStart(14)}    ${c.padEnd(18)}${d.padStart(14)}`,
  );
};

const genreLines = ({ genres }: DayKpis): string[] =>
  table(
    [
      { title: '#', right: true },
      { title: 'genre', max: 16 },
      { title: 'listens', right: true },
      { title: 'listeners', right: true },
      { title: 'its top songs', max: 42 },
      { title: 'listens', right: true },
    ],
    genres.flatMap(({ rank, genre, listens, listeners, songs }) =>
      (songs.length > 0 ? songs : [{ title: '', listens: 0 }]).map((song, i) => [
        ...(i === 0 ? [String(rank), genre, count(listens), count(listeners)] : ['', '', '', '']),
        song.title,
        count(song.listens),
      ]),
    ),
    '  ',
  );

const trendingLines = ({ trending }: DayKpis): string[] =>
  trending
    ? table(
        [
          { title: '#', right: true },
          { title: 'track', max: 52 },
          { title: 'plays in 24 h', right: true },
          { title: 'the 24 h before', right: true },
        ],
        trending.tracks.map(({ rank, title, plays, before }) => [String(rank), title, count(plays), count(before)]),
        '  ',
      )
    : ['  nothing'];

/** The tables of one day. */
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

/** One line a day, for when only the change is of interest. */
export const renderDayShort = ({ date, overview, genres }: DayKpis): string =>
  overview
    ? `  ${date}: ${count(overview.listen_count)} listens, ${count(overview.skip_count)} skips, ` +
      `${count(overview.daily_active_users)} users; ${genres
        .slice(0, 3)
        .map(({ genre, listens }) => `${genre} ${count(listens)}`)
        .join(', ')}`
    : `  ${date}: no listens`;
