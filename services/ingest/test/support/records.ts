import { type FileDocument, type FileVersion, fileId, type ReferenceDocument, type Replay } from '@music-etl/contracts';
import type { Log } from '@music-etl/stage';
import type { Arrival } from '../../src/domain/arrival.ts';

export const NOW = new Date('2026-11-23T10:10:00.000Z');
export const RUN = '20261123T100502123-9f86d081';
export const OTHER_RUN = '20261123T100502123-00000000';
export const KEY = 'streams/2018-11-15.csv';

/** A log that nobody reads. */
export const quiet: Log = { info: () => {}, warn: () => {}, error: () => {} };

export const anArrival = (changes: Partial<Arrival> = {}): Arrival => ({
  key: KEY,
  versionId: 'v1',
  etag: 'content-1',
  sequencer: '10',
  size: 100,
  ...changes,
});

export const aVersion = (changes: Partial<FileVersion> = {}): FileVersion => ({
  version: 1,
  content_version: null,
  replay: null,
  version_id: 'v1',
  etag: 'content-1',
  sequencer: '10',
  size: 100,
  arrived_at: NOW.toISOString(),
  state: 'pending',
  run_id: null,
  claimed_at: null,
  repeats: [],
  reason: null,
  ledger: null,
  dates: {},
  touched_dates: [],
  committed_by: null,
  reused_event_ids: 0,
  quarantine_key: null,
  archived_to: null,
  reference_versions: [],
  ...changes,
});

export const aFile = (...versions: FileVersion[]): FileDocument => ({
  schema_version: 1,
  file_id: fileId(KEY),
  key: KEY,
  versions,
});

export const aNotification = (object: Record<string, unknown>, eventName = 'ObjectCreated:Put') => ({
  Records: [{ eventName, s3: { bucket: { name: 'b' }, object } }],
});

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

/** A version that validates version 1 again. */
export const aReplayedVersion = (version: number, changes: Partial<FileVersion> = {}): FileVersion =>
  aVersion({ version, content_version: 1, replay: aReplay(), state: 'archived', ...changes });

export const aReference = (changes: Partial<ReferenceDocument> = {}): ReferenceDocument => ({
  schema_version: 1,
  reference_version: 'r1',
  tracks_key: null,
  users_key: null,
  created_at: NOW.toISOString(),
  run_id: OTHER_RUN,
  sources: [],
  tracks: 0,
  users: 0,
  skipped_rows: {},
  broken: [],
  ...changes,
});
