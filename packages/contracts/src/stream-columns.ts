import { z } from 'zod';

/** Another accepted name of a column. `unit` is set where its values are in another unit than the column's. */
export const ColumnAlias = z.object({ name: z.string(), unit: z.enum(['seconds']).nullable().default(null) });

/** One column of a listening file. */
export const StreamColumn = z.object({
  name: z.string(),
  aliases: z.array(ColumnAlias).default([]),
  required: z.boolean().default(false),
  type: z.enum(['text', 'timestamp', 'integer', 'boolean']),
  /** Of a text: its longest value in bytes of UTF-8. */
  max_bytes: z.int().positive().nullable().default(null),
  /** Of an integer: its largest value; the least is 0. */
  max: z.int().positive().nullable().default(null),
  description: z.string(),
});
export type StreamColumn = z.infer<typeof StreamColumn>;

/**
 * The formats, the accepted Parquet schema, the limits in validation, the tool's help and the table in docs/kpis.md
 * derive from this list. A further column is one entry; it is null in rows that were accepted before.
 */
const COLUMNS: readonly z.input<typeof StreamColumn>[] = [
  { name: 'user_id', required: true, type: 'text', max_bytes: 1024, description: 'text, trimmed, at most 1,024 bytes' },
  {
    name: 'track_id',
    aliases: [{ name: 'song_id' }],
    required: true,
    type: 'text',
    max_bytes: 1024,
    description: 'text, trimmed, at most 1,024 bytes',
  },
  {
    name: 'listen_time',
    aliases: [{ name: 'timestamp' }],
    required: true,
    type: 'timestamp',
    description: 'start of the listen, see below',
  },
  {
    name: 'event_id',
    aliases: [{ name: 'stream_id' }],
    type: 'text',
    max_bytes: 256,
    description: "the source's own id of the row, text, at most 256 bytes",
  },
  {
    name: 'ms_played',
    aliases: [{ name: 'duration', unit: 'seconds' }],
    type: 'integer',
    max: 86_400_000,
    description: 'how long it played',
  },
  { name: 'completed', type: 'boolean', description: 'true/false, any case' },
  { name: 'device_type', type: 'text', max_bytes: 256, description: 'text, at most 256 bytes' },
];

/** The columns of listening files. */
export const STREAM_COLUMNS: readonly StreamColumn[] = COLUMNS.map((column) => StreamColumn.parse(column));
