import {
  type FileDocument,
  type FileVersion,
  fileId,
  newVersion,
  type Replay,
  type RunFile,
} from '@music-etl/contracts';
import { NOW, RUN } from './moments.ts';

export const KEY = 'streams/2018-11-15.csv';

const CONTENT = { version_id: 'v1', etag: 'content-1', sequencer: '10', size: 100, arrived_at: NOW.toISOString() };

/** Builds a version of a file that has just arrived. */
export const aVersion = (changes: Partial<FileVersion> = {}): FileVersion => ({
  ...newVersion(1, CONTENT),
  ...changes,
});

/** Builds a version that has passed through all stages: of ten rows, seven are accepted. */
export const anArchivedVersion = (changes: Partial<FileVersion> = {}): FileVersion =>
  aVersion({
    state: 'archived',
    arrived_at: '2026-11-23T10:00:00.000Z',
    run_id: RUN,
    ledger: { read: 10, accepted: 7, quarantined: { unknown_user: 2 }, duplicate: 1 },
    dates: { '2018-11-15': 7 },
    touched_dates: ['2018-11-15'],
    committed_by: `${RUN}-1`,
    ...changes,
  });

/** Builds a replay that newer reference data has caused. */
export const aReplay = (changes: Partial<Replay> = {}): Replay => ({
  of: 1,
  cause: 'snapshot:r2',
  why: 'reference data knows more',
  requested_by: 'music_streaming_ingestion',
  requested_at: NOW.toISOString(),
  accept: false,
  patches_key: null,
  ...changes,
});

/** Builds a replay that a person has requested. */
export const aRequestedReplay = (changes: Partial<Replay> = {}): Replay =>
  aReplay({
    cause: 'request:1',
    why: 'the users came late',
    requested_by: 'ada',
    requested_at: '2026-11-24T09:00:00.000Z',
    ...changes,
  });

/** Builds a version that reprocesses version 1. */
export const aReplayedVersion = (version: number, changes: Partial<FileVersion> = {}): FileVersion =>
  aVersion({ version, content_version: 1, replay: aReplay(), state: 'archived', ...changes });

/** Builds the document of the file `key`. */
export const aFileAt = (key: string, ...versions: FileVersion[]): FileDocument => ({
  schema_version: 1,
  file_id: fileId(key),
  key,
  versions,
});

/** Builds the document of the file `KEY`. */
export const aFile = (...versions: FileVersion[]): FileDocument => aFileAt(KEY, ...versions);

/** Builds a file as its run lists it. */
export const aRunFile = (key: string, changes: Partial<RunFile> = {}): RunFile => ({
  file_id: fileId(key),
  key,
  version: 1,
  version_id: 'v1',
  etag: 'content-1',
  size: 100,
  replay: null,
  raw: null,
  arrived_at: null,
  ...changes,
});
