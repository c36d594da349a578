import { z } from 'zod';

/**
 * One entry a metric; its rule is glue-scripts/sql/metrics/<name>.sql. Adding a metric is adding those two and nothing else.
 * - `key`: the column that follows the metric's name in the partition key (`genre_daily#rock`), null where there is one item a period.
 *   A metric with a key has an integer `listen_count` that is never null: the index by_period sorts by it and leaves out items without it.
 * - `period`: `date` (sort key `2018-11-15`) or `as_of` (sort key `2018-11-15T18:00:00Z`).
 * - `fields`: the item's fields in export order, with their types; `json` columns are JSON text in the Parquet file, lists in table and export.
 */
export const Metric = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/),
  key: z.string().nullable(),
  period: z.enum(['date', 'as_of']),
  fields: z.record(z.string(), z.enum(['integer', 'text', 'json'])),
});
export type Metric = z.infer<typeof Metric>;

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
      top_songs: 'json',
    },
  },
  { name: 'top_genres', key: null, period: 'date', fields: { genres: 'json' } },
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
  { name: 'trending_24h', key: null, period: 'as_of', fields: { tracks: 'json' } },
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
  { name: 'artist_daily', key: null, period: 'date', fields: { artists: 'json' } },
  { name: 'hourly_activity', key: null, period: 'date', fields: { hours: 'json' } },
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
