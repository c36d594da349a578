import { readFile } from '../shared/file-documents.ts';
import type { Objects } from '../shared/ports.ts';
import { readQuarantinedRows } from '../shared/quarantined-rows.ts';
import { chooseReplay } from './choose-version.ts';
import { patchProblem, type RowPatch } from './parse-patch.ts';
import { quarantinedVersions } from './quarantined-version.ts';
import { patchError } from './read-patches.ts';
import type { PlannedRequest } from './request.ts';

/** Compares a file's patches with its quarantined rows: each row must be there, with the text that the person saw. */
const rowProblems = async (
  objects: Objects,
  quarantineKey: string,
  patches: readonly RowPatch[],
): Promise<string[]> => {
  const missing = new Map(patches.map((patch) => [patch.row, patch]));
  const problems: string[] = [];
  for await (const { row, raw } of readQuarantinedRows(objects, quarantineKey)) {
    const patch = row === null ? undefined : missing.get(row);
    if (!patch) continue;
    missing.delete(patch.row);
    if (patch.raw !== null && patch.raw !== raw) {
      problems.push(patchProblem(patch, 'the text of the row has changed; look again with quarantine show'));
    }
  }
  return [...problems, ...[...missing.values()].map((patch) => patchProblem(patch, 'not in quarantine'))];
};

/** Plans the replay of one file with its patches, or lists the problems. */
const planFile = async (objects: Objects, key: string, patches: RowPatch[]): Promise<PlannedRequest | string[]> => {
  const lines = patches.map(({ line }) => line).join(', ');
  const problem = (what: string): string[] => [`line ${lines}, ${key}: ${what}`];
  const file = await readFile(objects, key);
  if (!file) return problem('no such file has arrived');
  const quarantined = quarantinedVersions(file, { reason: null, date: null });
  if (quarantined.length === 0) return problem('not in quarantine');
  const choice = chooseReplay(file, quarantined);
  if (choice.kind === 'impossible') return problem(choice.why);
  const { quarantine_key } = choice.version;
  if (quarantine_key === null) return problem('not in quarantine');
  const problems = await rowProblems(objects, quarantine_key, patches);
  return problems.length > 0 ? problems : { key, version: choice.version, patches };
};

/**
 * Plans a replay for each file, after checking that every patched row is in quarantine now.
 * @throws UserError that names every problem
 */
export const checkPatches = async (
  objects: Objects,
  patches: ReadonlyMap<string, RowPatch[]>,
): Promise<PlannedRequest[]> => {
  const planned: PlannedRequest[] = [];
  const problems: string[] = [];
  for (const [key, ofFile] of patches) {
    const result = await planFile(objects, key, ofFile);
    if (Array.isArray(result)) problems.push(...result);
    else planned.push(result);
  }
  if (problems.length > 0) throw patchError(problems);
  return planned;
};
