import { z } from 'zod';
import { columnProblem, valueText } from './patch-values.ts';

/** New values for one quarantined row. */
export interface RowPatch {
  /** The line of the patch file, for messages. */
  line: number;
  key: string;
  row: number;
  /** The row's text when the person saw it; null if the line does not have it. */
  raw: string | null;
  set: Record<string, string>;
}

/** A line of `quarantine show --json`, to which a person may add `fixed`. */
const Line = z.object({
  key: z.string(),
  row: z.int().positive(),
  raw: z.string().nullish(),
  fixed: z.record(z.string(), z.unknown()).optional(),
});

export type ParsedLine =
  | { kind: 'patch'; patch: RowPatch }
  | { kind: 'unchanged' }
  | { kind: 'invalid'; problems: string[] };

/** Names the line, the file and the row of a problem. */
export const patchProblem = ({ line, key, row }: Pick<RowPatch, 'line' | 'key' | 'row'>, what: string): string =>
  `line ${line}, ${key} row ${row}: ${what}`;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const invalid = (problems: string[]): ParsedLine => ({ kind: 'invalid', problems });

/**
 * Parses a line of row patches.
 * @example parsePatch('{"key":"streams/a.csv","row":3,"fixed":{"user_id":"26"}}', 1)
 */
export const parsePatch = (text: string, line: number): ParsedLine => {
  const value = parseJson(text);
  if (value === undefined) return invalid([`line ${line}: not JSON`]);
  const parsed = Line.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the line'}: ${message}`);
    return invalid(issues.map((issue) => `line ${line}: ${issue}`));
  }
  const { key, row, raw = null, fixed } = parsed.data;
  if (fixed === undefined) return { kind: 'unchanged' };
  const at = { line, key, row };
  const entries = Object.entries(fixed);
  if (entries.length === 0) return invalid([patchProblem(at, 'fixed names no column')]);
  const problems = entries.flatMap(([column, value]) => columnProblem(column, value) ?? []);
  if (problems.length > 0) return invalid(problems.map((problem) => patchProblem(at, problem)));
  const set = Object.fromEntries(entries.map(([column, value]) => [column, valueText(value)]));
  return { kind: 'patch', patch: { ...at, raw, set } };
};
