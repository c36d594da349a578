import type { FileDocument, FileVersion, RunFile } from '@music-etl/contracts';

export type MembershipDecision =
  /** The run takes the file's newest version. */
  | { readonly kind: 'take'; readonly document: FileDocument; readonly file: RunFile }
  /** Run `runId` has it; whether that run came to be is to be looked up. `since`: when it took the file. */
  | { readonly kind: 'taken'; readonly runId: string; readonly since: string }
  /** Nothing of it is left to take. */
  | { readonly kind: 'over' };

const take = (document: FileDocument, newest: FileVersion, runId: string, now: Date): MembershipDecision => {
  const running: FileVersion = { ...newest, state: 'running', run_id: runId, claimed_at: now.toISOString() };
  const { version, version_id, etag, size } = newest;
  return {
    kind: 'take',
    document: { ...document, versions: [...document.versions.slice(0, -1), running] },
    file: { file_id: document.file_id, key: document.key, version, version_id, etag, size },
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
  if (newest.run_id === lost) return take(document, newest, runId, now);
  return { kind: 'taken', runId: newest.run_id, since: newest.claimed_at ?? newest.arrived_at };
};
