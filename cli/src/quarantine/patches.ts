import { z } from 'zod';

/** Columns of a stream under the names that a patched row has to use. */
const COLUMNS = [
  'user_id',
  'track_id',
  'listen_time',
  'event_id',
  'ms_played',
  'duration',
  'completed',
  'device_type',
] as const;
/** What a file may call them, too. */
const OTHER_NAMES: Record<string, string> = {
  song_id: 'write track_id',
  timestamp: 'write listen_time',
  stream_id: 'write event_id',
};

/** One row to patch: where it is, its text as the person saw it, and the new values. */
export interface FixedRow {
  line: number;
  key: string;
  row: number;
  raw: string | null;
  set: Record<string, string>;
}

/** A line of `quarantine show --json`, perhaps with its patch. */
const Line = z.object({
  key: z.string(),
  row: z.int().positive(),
  raw: z.string().nullish(),
  fixed: z.record(z.string(), z.unknown()).optional(),
});

/** A problem names its line, and file, row and column as far as they are known. */
export const problemOf = ({ line, key, row }: Pick<FixedRow, 'line' | 'key' | 'row'>, what: string): string =>
  `line ${line}, ${key} row ${row}: ${what}`;

const columnProblem = (column: string, value: unknown): string | null => {
  if (!COLUMNS.some((known) => known === column)) {
    return `${column}: not a column; ${OTHER_NAMES[column.toLowerCase()] ?? `the columns are ${COLUMNS.join(', ')}`}`;
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  // What JSON's numbers cannot hold exactly has lost digits by now.
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? null : `${column}: write ${value} as text, in quotes`;
  return `${column}: not a plain value: ${JSON.stringify(value)}`;
};

const textOf = (value: unknown): string => (value === null ? '' : String(value));

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export type ParsedLine =
  | { kind: 'fixed'; row: FixedRow }
  | { kind: 'as it was' }
  | { kind: 'wrong'; problems: string[] };

const wrong = (...problems: string[]): ParsedLine => ({ kind: 'wrong', problems });

/**
 * A line of row patches: what `quarantine show --json` printed, with a member `fixed`.
 * @example parseFixed('{"key":"streams/a.csv","row":3,"fixed":{"user_id":"26"}}', 1)
 */
export const parseFixed = (text: string, line: number): ParsedLine => {
  const value = parseJson(text);
  if (value === undefined) return wrong(`line ${line}: not JSON`);
  const parsed = Line.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the line'}: ${message}`);
    return wrong(...issues.map((issue) => `line ${line}: ${issue}`));
  }
  const { key, row, raw = null, fixed } = parsed.data;
  if (fixed === undefined) return { kind: 'as it was' };
  const at = { line, key, row };
  const entries = Object.entries(fixed);
  if (entries.length === 0) return wrong(problemOf(at, 'fixed names no column'));
  const problems = entries.flatMap(([column, value]) => columnProblem(column, value) ?? []);
  if (problems.length > 0) return wrong(...problems.map((problem) => problemOf(at, problem)));
  const set = Object.fromEntries(entries.map(([column, value]) => [column, textOf(value)]));
  return { kind: 'fixed', row: { ...at, raw, set } };
};

/** Rows that are patched twice. */
export const repeatedRows = (rows: readonly FixedRow[]): string[] => {
  const first = new Map<string, number>();
  return rows.flatMap((row) => {
    const place = JSON.stringify([row.key, row.row]);
    const line = first.get(place);
    first.set(place, line ?? row.line);
    return line === undefined ? [] : [problemOf(row, `line ${line} patches this row already`)];
  });
};

/** The object of a file's row patches, JSON lines in the order of its rows. What was patched before stays patched. */
export const fixLines = (rows: readonly FixedRow[]): string =>
  [...rows]
    .sort((a, b) => a.row - b.row)
    .map(({ row, set }) => `${JSON.stringify({ row, set })}\n`)
    .join('');
