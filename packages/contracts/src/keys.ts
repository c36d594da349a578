import { createHash } from 'node:crypto';
import type { Stage } from './stages.ts';

/**
 * Every object key of the bucket is made here (and in glue-scripts/contracts/keys.py, which a
 * contract test holds equal). State lives under `processed/`.
 */
export const STREAMS_PREFIX = 'streams/';
export const SONGS_PREFIX = 'reference/songs/';
export const USERS_PREFIX = 'reference/users/';
export const FILES_PREFIX = 'processed/files/';
export const PENDING_PREFIX = 'processed/pending/';
export const WAITING_PREFIX = 'processed/waiting/';
/** Versions that are to be reprocessed. */
export const REPLAYS_PREFIX = 'processed/replays/';
/** Files with rows of unknown users or tracks, for the next snapshot to look at. */
export const UNKNOWN_PREFIX = 'processed/unknown/';
/** Rows that a person patched. */
export const PATCHES_PREFIX = 'processed/patches/';
export const BACKFILLS_PREFIX = 'processed/backfills/';
export const CHANGES_PREFIX = 'processed/changes/';
export const ERASURES_PREFIX = 'processed/erasures/';
export const DATES_PREFIX = 'processed/dates/';
export const BATCH_LOCK_KEY = 'processed/batch-lock.json';
export const GENERATION_KEY = 'processed/generation.json';
export const REFERENCE_KEY = 'processed/reference.json';

/** A file is its key; its id is the first 32 hex digits of the key's SHA-256. */
export const fileId = (key: string): string => createHash('sha256').update(key, 'utf8').digest('hex').slice(0, 32);

export const fileKey = (id: string): string => `${FILES_PREFIX}${id}.json`;
/** Named by version, so that taking down one version's marker never takes down its correction's. */
export const pendingKey = (id: string, version: number): string => `${PENDING_PREFIX}${id}-${version}.json`;
/** Reference files are marked by a digest of key and version id. */
export const REFERENCE_MARKER = `${PENDING_PREFIX}reference-`;
export const pendingReferenceKey = (key: string, versionId: string): string =>
  `${REFERENCE_MARKER}${fileId(`${key}\n${versionId}`)}.json`;
export const waitingKey = (id: string): string => `${WAITING_PREFIX}${id}.json`;
/** One per file, version reprocessed and cause (by its digest), so that asking twice leaves one. */
export const replayKey = (id: string, of: number, cause: string): string =>
  `${REPLAYS_PREFIX}${id}-${of}-${fileId(cause).slice(0, 12)}.json`;
export const unknownKey = (id: string): string => `${UNKNOWN_PREFIX}${id}.json`;
export const patchesKey = (id: string, version: number, requestId: string): string =>
  `${PATCHES_PREFIX}${id}/${version}-${requestId}.jsonl`;
export const backfillKey = (backfillId: string): string => `${BACKFILLS_PREFIX}${backfillId}.json`;
export const changesPrefix = (date: string): string => `${CHANGES_PREFIX}${date}/`;
export const changesKey = (date: string, generation: number): string =>
  `${changesPrefix(date)}${String(generation).padStart(12, '0')}.jsonl.gz`;
export const erasureRequestKey = (erasureId: string): string => `${ERASURES_PREFIX}${erasureId}/request.json`;
export const erasureResultKey = (erasureId: string, phase: string): string =>
  `${ERASURES_PREFIX}${erasureId}/${phase}.json`;
/** The version a pending marker stands for; null for a waiting one, which stands for its file. */
export const versionOfMarker = (marker: string): number | null => {
  const version = /-(\d+)\.json$/.exec(marker)?.[1];
  return version === undefined ? null : Number(version);
};
/** The file id in a pending or waiting marker's key. */
export const fileIdOfMarker = (marker: string): string => marker.slice(marker.lastIndexOf('/') + 1).slice(0, 32);
export const dateKey = (date: string): string => `${DATES_PREFIX}${date}.json`;

export const runKey = (runId: string): string => `processed/runs/${runId}/run.json`;
export const stageKey = (runId: string, stage: Stage): string => `processed/runs/${runId}/${stage}/stage.json`;
export const resultKey = (runId: string, stage: Stage): string => `processed/runs/${runId}/${stage}/result.json`;

/** Markers of the runs a stage has in hand: listing them never reads history. */
export const activePrefix = (stage: Stage): string => `processed/active/${stage}/`;
export const activeKey = (runId: string, stage: Stage): string => `${activePrefix(stage)}${runId}.json`;
