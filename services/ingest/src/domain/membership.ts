import type { FileDocument, FileVersion, RunFile } from '@music-etl/contracts';
import { runFileOf } from './run-file.ts';

export type MembershipDecision =
  /** The run takes this version of the file. */
  | { readonly kind: 'take'; readonly document: FileDocument; readonly file: RunFile }
  /** The run has taken it already: the answer to its write was lost, or another marker stands for the same file. */
  | { readonly kind: 'mine'; readonly file: RunFile }
  /** Run `runId` has it; whether that run came to be is to be looked up. `since`: when it took the file. */
  | { readonly kind: 'taken'; readonly runId: string; readonly version: number; readonly since: string }
  /** An older version of the file comes first. */
  | { readonly kind: 'later' }
  /** Nothing of it is left to take. */
  | { readonly kind: 'over' };

const take = (document: FileDocument, version: FileVersion, runId: string, now: Date): MembershipDecision => {
  const running: FileVersion = { ...version, state: 'running', run_id: runId, claimed_at: now.toISOString() };
  const versions = document.versions.map((each) => (each.version === version.version ? running : each));
  return { kind: 'take', document: { ...document, versions }, file: runFileOf(document, version) };
};

/** In no run yet. */
export const isFree = ({ state }: FileVersion): boolean => state === 'pending' || state === 'waiting';

/** The version a marker stands for; a waiting file's marker stands for the oldest that waits or is under way. */
const marked = (versions: readonly FileVersion[], version: number | null): FileVersion | undefined =>
  version === null
    ? versions.find((each) => isFree(each) || each.state === 'running')
    : versions.find((each) => each.version === version);

/**
 * Whether a forming run may take a marked version of a file. Every version is validated, even when its correction is
 * already here: the correction may turn out to be held or rejected, and then the older one stands. A run takes one
 * version of a file, the oldest first.
 * @param version the version the marker stands for, null where it stands for the file.
 * @param lost a run that took the version and, as was found out, never came to be.
 */
export const decideMembership = (
  document: FileDocument,
  version: number | null,
  runId: string,
  now: Date,
  lost: string | null = null,
): MembershipDecision => {
  const wanted = marked(document.versions, version);
  if (wanted === undefined) return { kind: 'over' };
  const older = document.versions.filter((each) => each.version < wanted.version);
  if (older.some((each) => isFree(each) || (each.state === 'running' && each.run_id === runId)))
    return { kind: 'later' };
  if (isFree(wanted)) return take(document, wanted, runId, now);
  if (wanted.state !== 'running' || wanted.run_id === null) return { kind: 'over' };
  if (wanted.run_id === runId) return { kind: 'mine', file: runFileOf(document, wanted) };
  if (wanted.run_id === lost) return take(document, wanted, runId, now);
  const since = wanted.claimed_at ?? wanted.arrived_at;
  return { kind: 'taken', runId: wanted.run_id, version: wanted.version, since };
};
