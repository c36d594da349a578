import { type FileDocument, type FileVersion, isUnfinished, type RunFile } from '@music-etl/contracts';
import { runFileOf } from './run-file.ts';

export type MembershipDecision =
  /** The run claims this version of the file. */
  | { readonly kind: 'claim'; readonly document: FileDocument; readonly file: RunFile }
  /** The run has claimed it already: the answer to its write was lost, or another marker names the same version. */
  | { readonly kind: 'member'; readonly file: RunFile }
  /** Run `runId` claimed it at `since`. The caller has to check whether that run was created. */
  | { readonly kind: 'claimed'; readonly runId: string; readonly version: number; readonly since: string }
  /** An older version of the file comes first. */
  | { readonly kind: 'later' }
  /** There is nothing left to claim. */
  | { readonly kind: 'done' };

const claim = (document: FileDocument, version: FileVersion, runId: string, now: Date): MembershipDecision => {
  const running: FileVersion = { ...version, state: 'running', run_id: runId, claimed_at: now.toISOString() };
  const versions = document.versions.map((each) => (each.version === version.version ? running : each));
  return { kind: 'claim', document: { ...document, versions }, file: runFileOf(document, version) };
};

/** Returns whether a version is in no run yet. */
const isUnclaimed = ({ state }: FileVersion): boolean => state === 'pending' || state === 'waiting';

/** Returns the version that a marker names; the marker of a waiting file means the oldest that waits or is running. */
const marked = (versions: readonly FileVersion[], version: number | null): FileVersion | undefined =>
  version === null ? versions.find(isUnfinished) : versions.find((each) => each.version === version);

/**
 * Decides whether a new run may claim a marked version of a file. Every version is validated, even if its correction
 * has arrived: the correction may be held or rejected, and then the older version counts. A run claims one version of a
 * file, the oldest first.
 * @param version the version that the marker names; null for the marker of a waiting file.
 * @param lost a run that claimed the version and was never created.
 */
export const decideMembership = (
  document: FileDocument,
  version: number | null,
  runId: string,
  now: Date,
  lost: string | null = null,
): MembershipDecision => {
  const wanted = marked(document.versions, version);
  if (wanted === undefined) return { kind: 'done' };
  const older = document.versions.filter((each) => each.version < wanted.version);
  if (older.some((each) => isUnclaimed(each) || (each.state === 'running' && each.run_id === runId)))
    return { kind: 'later' };
  if (isUnclaimed(wanted)) return claim(document, wanted, runId, now);
  if (wanted.state !== 'running' || wanted.run_id === null) return { kind: 'done' };
  if (wanted.run_id === runId) return { kind: 'member', file: runFileOf(document, wanted) };
  if (wanted.run_id === lost) return claim(document, wanted, runId, now);
  const since = wanted.claimed_at ?? wanted.arrived_at;
  return { kind: 'claimed', runId: wanted.run_id, version: wanted.version, since };
};
