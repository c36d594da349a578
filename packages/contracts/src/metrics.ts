import { z } from 'zod';

export const FieldType = z.enum(['integer', 'text']);

/** An entry's value that the SQL returns in a column of another name. */
export const EntryColumn = z.object({ type: FieldType, column: z.string() });

/** A list in an item. Each entry is one row of the metric's SQL, ordered by the first name (`rank` or `hour`). */
export const MetricList = z.object({
  /** Name in the entry → its type, and the SQL column where that has another name. */
  entries: z.record(z.string(), z.union([FieldType, EntryColumn])),
});

/**
 * One entry a metric; its rule is glue-scripts/sql/metrics/<name>.sql. A further metric is these two and nothing else.
 * The SQL returns flat rows: the key, the period's column, the fields, and the entries of a list as columns. The
 * metric's Parquet object holds those rows. An item without entries in its list is one row whose entry columns are
 * null.
 */
export const Metric = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/),
  /**
   * The column that follows the name in the partition key (`genre_daily#rock`), null where there is one item a period.
   * A metric with a key has an integer `listen_count` that is never null: the index by_period sorts by it.
   */
  key: z.string().nullable(),
  /** `date` (sort key `2018-11-15`) or `as_of` (sort key `2018-11-15T18:00:00Z`, a column of the SQL). */
  period: z.enum(['date', 'as_of']),
  /** The item's fields in export order; at most one is a list. */
  fields: z.record(z.string(), z.union([FieldType, MetricList])),
});
export type Metric = z.infer<typeof Metric>;

/**
 * How many dates after its own a listen reaches: trending_24h compares 24 hours with the 24 hours before them. So the
 * metrics of a date are computed from the date and as many before it.
 */
export const DATE_REACH = 2;

export const METRICS: readonly Metric[] = [
  {
    name: 'genre_daily',
    key: 'genre',
    period: 'date',
    fields: {
      listen_count: 'integer',
      skip_count: 'integer',
      unique_listeners: 'integer',
      total_listening_ms: 'integer',
      avg_listening_ms_per_listener: 'integer',
      top_songs: {
        entries: {
          rank: 'integer',
          track_id: 'text',
          track_name: 'text',
          artists: 'text',
          listen_count: { type: 'integer', column: 'song_listen_count' },
        },
      },
    },
  },
  {
    name: 'top_genres',
    key: null,
    period: 'date',
    fields: { genres: { entries: { rank: 'integer', genre: 'text', listen_count: 'integer' } } },
  },
  {
    name: 'track_daily',
    key: 'track_id',
    period: 'date',
    fields: { listen_count: 'integer', skip_count: 'integer', unique_listeners: 'integer' },
  },
  {
    name: 'user_daily',
    key: 'user_id',
    period: 'date',
    fields: {
      listen_count: 'integer',
      skip_count: 'integer',
      distinct_tracks: 'integer',
      distinct_genres: 'integer',
      total_listening_ms: 'integer',
      first_listen: 'text',
      last_listen: 'text',
    },
  },
  {
    name: 'trending_24h',
    key: null,
    period: 'as_of',
    fields: {
      tracks: {
        entries: {
          rank: 'integer',
          track_id: 'text',
          track_name: 'text',
          artists: 'text',
          plays_24h: 'integer',
          plays_prev_24h: 'integer',
        },
      },
    },
  },
  {
    name: 'daily_overview',
    key: null,
    period: 'date',
    fields: {
      listen_count: 'integer',
      skip_count: 'integer',
      daily_active_users: 'integer',
      distinct_tracks: 'integer',
      total_listening_ms: 'integer',
      sessions: 'integer',
      avg_session_ms: 'integer',
      peak_hour: 'integer',
      completed_count: 'integer',
      completion_known_count: 'integer',
    },
  },
  {
    name: 'artist_daily',
    key: null,
    period: 'date',
    fields: {
      artists: { entries: { rank: 'integer', artist: 'text', listen_count: 'integer', unique_listeners: 'integer' } },
    },
  },
  {
    name: 'hourly_activity',
    key: null,
    period: 'date',
    fields: { hours: { entries: { hour: 'integer', listen_count: 'integer', unique_listeners: 'integer' } } },
  },
  {
    name: 'country_daily',
    key: 'country',
    period: 'date',
    fields: { listen_count: 'integer', unique_listeners: 'integer' },
  },
  {
    name: 'device_daily',
    key: 'device_type',
    period: 'date',
    fields: { listen_count: 'integer', unique_listeners: 'integer' },
  },
];
