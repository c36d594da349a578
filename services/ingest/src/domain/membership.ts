import type { FileDocument, FileVersion, RunFile } from '@music-etl/contracts';

export type MembershipDecision =
  /** The run takes the file's newest version. */
  | { readonly kind: 'take'; readonly document: FileDocument; readonly file: RunFile }
  /** The run has taken it already: the answer to its write was lost, or another marker stands for the same file. */
  | { readonly kind: 'mine'; readonly file: RunFile }
  /** Run `runId` has it; whether that run came to be is to be looked up. `since`: when it took the file. */
  | { readonly kind: 'taken'; readonly runId: string; readonly version: number; readonly since: string }
  /** Nothing of it is left to take. */
  | { readonly kind: 'over' };

const fileOf = ({ file_id, key }: FileDocument, { version, version_id, etag, size }: FileVersion): RunFile => ({
  file_id,
  key,
  version,
  version_id,
  etag,
  size,
});

const take = (document: FileDocument, newest: FileVersion, runId: string, now: Date): MembershipDecision => {
  const running: FileVersion = { ...newest, state: 'running', run_id: runId, claimed_at: now.toISOString() };
  return {
    kind: 'take',
    document: { ...document, versions: [...document.versions.slice(0, -1), running] },
    file: fileOf(document, newest),
  };
};

/**
 * Whether a forming run may take a marked file.
 * @param lost a run that took the file and, as was found out, never came to be.
 */
export const decideMembership = (
  document: FileDocument,
  runId: string,
  now: Date,
  lost: string | null = null,
): MembershipDecision => {
  const newest = document.versions.at(-1);
  if (newest === undefined) return { kind: 'over' };
  if (newest.state === 'pending' || newest.state === 'waiting') return take(document, newest, runId, now);
  if (newest.state !== 'running' || newest.run_id === null) return { kind: 'over' };
  if (newest.run_id === runId) return { kind: 'mine', file: fileOf(document, newest) };
  if (newest.run_id === lost) return take(document, newest, runId, now);
  return {
    kind: 'taken',
    runId: newest.run_id,
    version: newest.version,
    since: newest.claimed_at ?? newest.arrived_at,
  };
};
