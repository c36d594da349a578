import { createHash } from 'node:crypto';
import type { Stage } from './stages.ts';

/**
 * The keys of the bucket's objects, as far as TypeScript needs them. glue-scripts/contracts/keys.py has those that the
 * jobs need; packages/contracts/cases/keys.json holds the two together. State is under `processed/`.
 */
export const STREAMS_PREFIX = 'streams/';
export const SONGS_PREFIX = 'reference/songs/';
export const USERS_PREFIX = 'reference/users/';
export const FILES_PREFIX = 'processed/files/';
export const PENDING_PREFIX = 'processed/pending/';
export const WAITING_PREFIX = 'processed/waiting/';
/** Versions that are to be reprocessed. */
export const REPLAYS_PREFIX = 'processed/replays/';
/** Row patches. */
export const PATCHES_PREFIX = 'processed/patches/';
export const BACKFILLS_PREFIX = 'processed/backfills/';
export const ERASURES_PREFIX = 'processed/erasures/';
export const DATES_PREFIX = 'processed/dates/';
export const RUNS_PREFIX = 'processed/runs/';
export const BATCH_LOCK_KEY = 'processed/batch-lock.json';
export const REFERENCE_KEY = 'processed/reference.json';

/** Returns the id of a file: the first 32 hex digits of the SHA-256 of its key. */
export const fileId = (key: string): string => createHash('sha256').update(key, 'utf8').digest('hex').slice(0, 32);

export const fileKey = (id: string): string => `${FILES_PREFIX}${id}.json`;
/** Names the version, so that deleting one version's marker never deletes its correction's. */
export const pendingKey = (id: string, version: number): string => `${PENDING_PREFIX}${id}-${version}.json`;
/** Markers of reference files are named by a digest of key and version id. */
export const REFERENCE_MARKER = `${PENDING_PREFIX}reference-`;
export const pendingReferenceKey = (key: string, versionId: string): string =>
  `${REFERENCE_MARKER}${fileId(`${key}\n${versionId}`)}.json`;
export const waitingKey = (id: string): string => `${WAITING_PREFIX}${id}.json`;
/** One per file, reprocessed version and cause (by its digest), so that requesting twice leaves one. */
export const replayKey = (id: string, of: number, cause: string): string =>
  `${REPLAYS_PREFIX}${id}-${of}-${fileId(cause).slice(0, 12)}.json`;
export const patchesKey = (id: string, version: number, requestId: string): string =>
  `${PATCHES_PREFIX}${id}/${version}-${requestId}.jsonl`;
export const backfillKey = (backfillId: string): string => `${BACKFILLS_PREFIX}${backfillId}.json`;
export const changesPrefix = (date: string): string => `processed/changes/${date}/`;
export const changesKey = (date: string, generation: number): string =>
  `${changesPrefix(date)}${String(generation).padStart(12, '0')}.jsonl.gz`;
export const erasureRequestKey = (erasureId: string): string => `${ERASURES_PREFIX}${erasureId}/request.json`;
export const erasureResultKey = (erasureId: string, phase: string): string =>
  `${ERASURES_PREFIX}${erasureId}/${phase}.json`;
/** Returns the version that a pending marker names; null for a waiting marker, which names its file only. */
export const versionOfMarker = (marker: string): number | null => {
  const version = /-(\d+)\.json$/.exec(marker)?.[1];
  return version === undefined ? null : Number(version);
};
/** Returns the file id in the key of a pending or waiting marker. */
export const fileIdOfMarker = (marker: string): string => marker.slice(marker.lastIndexOf('/') + 1).slice(0, 32);
/** Returns what a document under a prefix is named by: a run id, a date. */
export const nameUnder = (prefix: string, key: string): string => key.slice(prefix.length, -'.json'.length);
export const dateKey = (date: string): string => `${DATES_PREFIX}${date}.json`;

export const runKey = (runId: string): string => `${RUNS_PREFIX}${runId}/run.json`;
export const stageKey = (runId: string, stage: Stage): string => `${RUNS_PREFIX}${runId}/${stage}/stage.json`;
export const resultKey = (runId: string, stage: Stage): string => `${RUNS_PREFIX}${runId}/${stage}/result.json`;

/** Markers of a stage's active runs: listing them never reads history. */
export const activePrefix = (stage: Stage): string => `processed/active/${stage}/`;
export const activeKey = (runId: string, stage: Stage): string => `${activePrefix(stage)}${runId}.json`;
