import { UserError } from '../shared/errors.ts';
import { many } from '../shared/format.ts';
import type { Objects } from '../shared/ports.ts';
import { fileOfKey } from './list.ts';
import { type FixedRow, parseFixed, problemOf, repeatedRows } from './patches.ts';
import { quarantinedVersions } from './quarantine.ts';
import { quarantinedRowsOf } from './quarantined-rows.ts';
import { type Target, toReprocess } from './requests.ts';

const ALL = { reason: null, file: null, date: null };
const SHOWN = 20;

/** A file to be reprocessed with row patches. */
export interface PatchedFile {
  target: Target;
  rows: FixedRow[];
}

const reject = (problems: readonly string[]): never => {
  const more = problems.length > SHOWN ? [`and ${problems.length - SHOWN} more`] : [];
  throw new UserError(
    [
      `${many(problems.length, 'problem')} with the row patches; nothing was sent`,
      ...problems.slice(0, SHOWN),
      ...more,
    ].join('\n  '),
    'the lines are those of quarantine show --json, each with a member "fixed"; see quarantine replay --help',
  );
};

const byFile = (rows: readonly FixedRow[]): Map<string, FixedRow[]> => {
  const files = new Map<string, FixedRow[]>();
  for (const row of rows) {
    const others = files.get(row.key);
    if (others) others.push(row);
    else files.set(row.key, [row]);
  }
  return files;
};

/** Patched rows by their file. @throws UserError that names every problem */
export const readPatches = async (lines: AsyncIterable<string>): Promise<Map<string, FixedRow[]>> => {
  const rows: FixedRow[] = [];
  const problems: string[] = [];
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    const parsed = parseFixed(line, number);
    if (parsed.kind === 'fixed') rows.push(parsed.row);
    if (parsed.kind === 'wrong') problems.push(...parsed.problems);
  }
  problems.push(...repeatedRows(rows));
  if (problems.length > 0) reject(problems);
  if (rows.length === 0) {
    throw new UserError(
      'no line has a member "fixed"',
      'add it where a row is patched, for example "fixed": {"user_id": "26"}',
    );
  }
  return byFile(rows);
};

/** What is wrong with row patches of a file: rows that are not in quarantine, or no longer read as the person saw them. */
const rowProblems = async (objects: Objects, key: string, rows: readonly FixedRow[]): Promise<string[]> => {
  const wanted = new Map(rows.map((row) => [row.row, row]));
  const problems: string[] = [];
  for await (const { row, raw } of quarantinedRowsOf(objects, key)) {
    const patched = row === null ? undefined : wanted.get(row);
    if (!patched) continue;
    wanted.delete(patched.row);
    if (patched.raw !== null && patched.raw !== raw) {
      problems.push(problemOf(patched, 'its text is another by now; look again with quarantine show'));
    }
  }
  return [...problems, ...[...wanted.values()].map((row) => problemOf(row, 'not in quarantine'))];
};

const patchFile = async (objects: Objects, key: string, rows: FixedRow[]): Promise<PatchedFile | string[]> => {
  const lines = rows.map(({ line }) => line).join(', ');
  const each = (what: string): string[] => [`line ${lines}, ${key}: ${what}`];
  const file = await fileOfKey(objects, key);
  if (!file) return each('no such file has arrived');
  const asked = quarantinedVersions(file, ALL);
  if (asked.length === 0) return each('not in quarantine');
  const choice = toReprocess(file, asked);
  if (choice.kind === 'not') return each(choice.why);
  const { quarantine_key } = choice.target.version;
  const problems = quarantine_key ? await rowProblems(objects, quarantine_key, rows) : each('not in quarantine');
  return problems.length > 0 ? problems : { target: choice.target, rows };
};

/**
 * Files to be reprocessed with row patches, each row of which is in quarantine now.
 * @throws UserError that names every problem
 */
export const patchedFiles = async (
  objects: Objects,
  patches: ReadonlyMap<string, FixedRow[]>,
): Promise<PatchedFile[]> => {
  const patched: PatchedFile[] = [];
  const problems: string[] = [];
  for (const [key, rows] of patches) {
    const found = await patchFile(objects, key, rows);
    if (Array.isArray(found)) problems.push(...found);
    else patched.push(found);
  }
  if (problems.length > 0) reject(problems);
  return patched;
};
