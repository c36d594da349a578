import {
  type ErasureResult,
  erasureCause,
  FILES_PREFIX,
  FileDocument,
  RESULTS,
  resultKey,
  TABLE,
} from '@music-etl/contracts';
import { documentsUnder, readDocument } from '../shared/documents.ts';
import type { ErasureDeps } from './ports.ts';
import { userRows } from './result.ts';

/** What an erasure did. */
export interface ErasureSummary {
  erasure_id: string;
  /** SHA-256 of the user's id, hex. */
  user_digest: string;
  files: { key: string; rows: number; reprocessed: boolean }[];
  rows: number;
  dates: string[];
  items_removed: number;
  /** Prefix → object versions deleted or rewritten. */
  objects: Record<string, number>;
  duration_ms: number;
  left: string[];
}

/** What an erasure cannot reach. */
const LEFT_TO_THE_OWNER = [
  'reference/users/, reference/snapshots/: they name the user; put a users file without, delete older versions',
  `point-in-time backups of the table ${TABLE}: they expire by themselves after at most 35 days`,
  'copies elsewhere: exports, replicas and backups of the bucket, and the system that sent the files',
];

/** Lists the runs that reprocessed files for this erasure. */
const replayRuns = (files: readonly FileDocument[], erasureId: string): Set<string> =>
  new Set(
    files.flatMap(({ versions }) =>
      versions.flatMap(({ replay, run_id }) => (replay?.cause === erasureCause(erasureId) ? (run_id ?? []) : [])),
    ),
  );

/** Summarizes an erasure from its last rewrite, whose `objects` count all rounds, and from the loads of its replays. */
export const summarize = async (
  { objects }: Pick<ErasureDeps, 'objects'>,
  rewritten: ErasureResult,
  durationMs: number,
): Promise<ErasureSummary> => {
  const files = await documentsUnder(objects, FILES_PREFIX, FileDocument);
  const runs = [...replayRuns(files, rewritten.erasure_id)];
  const loads = await Promise.all(runs.map((run) => readDocument(objects, resultKey(run, 'load'), RESULTS.load)));
  const loaded = loads.flatMap((load) => load?.dates ?? []);
  return {
    erasure_id: rewritten.erasure_id,
    user_digest: rewritten.user_digest,
    files: rewritten.files.map(({ key, rows, replay }) => ({ key, rows, reprocessed: replay !== null })),
    rows: userRows(rewritten),
    dates: [...new Set(loaded.map(({ date }) => date))].sort(),
    items_removed: loaded.reduce((sum, { removed }) => sum + removed, 0),
    objects: rewritten.objects,
    duration_ms: durationMs,
    left: LEFT_TO_THE_OWNER,
  };
};
