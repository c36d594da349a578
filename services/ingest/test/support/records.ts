import { type FileDocument, type FileVersion, fileId } from '@music-etl/contracts';
import type { Arrival } from '../../src/domain/arrival.ts';

export const NOW = new Date('2026-11-23T10:10:00.000Z');
export const RUN = '20261123T100502123-9f86d081';
export const OTHER_RUN = '20261123T100502123-00000000';
export const KEY = 'streams/2018-11-15.csv';

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
  has_event_ids: false,
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
