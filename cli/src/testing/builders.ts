import {
  type FileDocument,
  type FileVersion,
  fileId,
  type Replay,
  type RunFile,
  type Stage,
  type StageDocument,
} from '@music-etl/contracts';
import { type DeadLetter, EMPTY_SNAPSHOT, type QueueView, type RunView, type Snapshot } from '../status/snapshot.ts';

export const RUN = '20261123T100502123-9f86d081';

export const aVersion = (over: Partial<FileVersion> = {}): FileVersion => ({
  version: 1,
  content_version: null,
  replay: null,
  version_id: 'v1',
  etag: '"1"',
  sequencer: '01',
  size: 10,
  arrived_at: '2026-11-23T10:00:00.000Z',
  state: 'archived',
  run_id: RUN,
  claimed_at: null,
  repeats: [],
  reason: null,
  ledger: { read: 10, accepted: 7, quarantined: { unknown_user: 2 }, duplicate: 1 },
  dates: { '2018-11-15': 7 },
  touched_dates: ['2018-11-15'],
  committed_by: `${RUN}-1`,
  has_event_ids: false,
  quarantine_key: null,
  archived_to: null,
  reference_versions: [],
  ...over,
});

export const aFile = (key: string, ...versions: Partial<FileVersion>[]): FileDocument => ({
  schema_version: 1,
  file_id: fileId(key),
  key,
  versions: (versions.length > 0 ? versions : [{}]).map(aVersion),
});

export const aStage = (stage: Stage, over: Partial<StageDocument> = {}): StageDocument => ({
  schema_version: 1,
  run_id: RUN,
  stage,
  state: 'closed',
  attempt: 1,
  failures: 0,
  message: { type: `${stage}.requested`, schema_version: 1, run_id: RUN, requested_at: '2026-11-23T10:05:02.123Z' },
  claimed_by: 'test',
  claimed_at: '2026-11-23T10:05:02.123Z',
  lease_expires_at: '2026-11-23T10:07:02.123Z',
  deferrals: 0,
  deferred_since: null,
  job_run_id: 'jr_1',
  started_at: '2026-11-23T10:05:03.000Z',
  ended_at: '2026-11-23T10:05:05.100Z',
  job_state: 'SUCCEEDED',
  error: null,
  outbox: [],
  sent: true,
  ...over,
});

export const aRun = (...stages: StageDocument[]): RunView => ({
  run_id: RUN,
  document: {
    schema_version: 1,
    run_id: RUN,
    created_at: '2026-11-23T10:05:02.123Z',
    files: [],
    reference_changed: true,
    dates: [],
    reference_version: null,
    why: null,
  },
  stages: Object.fromEntries(stages.map((stage) => [stage.stage, stage])),
  kpi: null,
  load: null,
});

export const aQueue = (name: string, visible: number): QueueView => ({
  name,
  dead: name.endsWith('-dlq'),
  visible,
  in_flight: 0,
  delayed: 0,
});

export const aSnapshot = (over: Partial<Snapshot> = {}): Snapshot => ({ ...EMPTY_SNAPSHOT, ...over });

export const withRun = (run: RunView, over: Partial<Snapshot> = {}): Snapshot =>
  aSnapshot({ runs: new Map([[run.run_id, run]]), ...over });

export const aRunFile = (key: string): RunFile => ({
  file_id: fileId(key),
  key,
  version: 1,
  version_id: 'v1',
  etag: '"1"',
  size: 10,
  replay: null,
  raw: null,
});

export const aLetter = (over: Partial<DeadLetter> = {}): DeadLetter => ({
  queue: 'music-streaming-ingest-dlq',
  run_id: null,
  keys: [],
  request: null,
  reason: 'failed 3 times',
  job_run_id: null,
  error: '',
  ...over,
});

export const aReplay = (over: Partial<Replay> = {}): Replay => ({
  of: 1,
  cause: 'request:1',
  why: 'the users came late',
  requested_by: 'ada',
  requested_at: '2026-11-24T09:00:00.000Z',
  accept: false,
  patches_key: null,
  ...over,
});

/** A version that validates version 1 again, whose content it has. */
export const aReplayed = (over: Partial<FileVersion> = {}): Partial<FileVersion> => ({
  version: 2,
  content_version: 1,
  replay: aReplay(),
  ...over,
});
