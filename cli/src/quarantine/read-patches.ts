import { UserError } from '../shared/errors.ts';
import { many } from '../shared/format.ts';
import { parsePatch, patchProblem, type RowPatch } from './parse-patch.ts';

const SHOWN = 20;

/** Builds the error that names the problems of row patches. */
export const patchError = (problems: readonly string[]): UserError => {
  const more = problems.length > SHOWN ? [`and ${problems.length - SHOWN} more`] : [];
  const head = `${many(problems.length, 'problem')} with the row patches; nothing was sent`;
  return new UserError(
    [head, ...problems.slice(0, SHOWN), ...more].join('\n  '),
    'the lines are those of quarantine show --json, each with a member "fixed"; see quarantine replay --help',
  );
};

const repeatedPatches = (patches: readonly RowPatch[]): string[] => {
  const first = new Map<string, number>();
  return patches.flatMap((patch) => {
    const position = JSON.stringify([patch.key, patch.row]);
    const line = first.get(position);
    first.set(position, line ?? patch.line);
    return line === undefined ? [] : [patchProblem(patch, `line ${line} patches this row already`)];
  });
};

const byFile = (patches: readonly RowPatch[]): Map<string, RowPatch[]> => {
  const files = new Map<string, RowPatch[]>();
  for (const patch of patches) {
    const others = files.get(patch.key);
    if (others) others.push(patch);
    else files.set(patch.key, [patch]);
  }
  return files;
};

/**
 * Reads row patches and groups them by file.
 * @throws UserError that names every problem
 */
export const readPatches = async (lines: AsyncIterable<string>): Promise<Map<string, RowPatch[]>> => {
  const patches: RowPatch[] = [];
  const problems: string[] = [];
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    const parsed = parsePatch(line, number);
    if (parsed.kind === 'patch') patches.push(parsed.patch);
    if (parsed.kind === 'invalid') problems.push(...parsed.problems);
  }
  problems.push(...repeatedPatches(patches));
  if (problems.length > 0) throw patchError(problems);
  if (patches.length === 0) {
    const example = 'add it to each row that you patch, for example "fixed": {"user_id": "26"}';
    throw new UserError('no line has a member "fixed"', example);
  }
  return byFile(patches);
};
