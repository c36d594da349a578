import type { FileDocument, FileVersion, Stage, StageDocument } from '@music-etl/contracts';
import { aClosedStage, aFileAt, anArchivedVersion, aRequestedReplay, aRunDocument, RUN } from '@music-etl/testing';
import {
  type DeadLetterMessage,
  EMPTY_SNAPSHOT,
  type QueueView,
  type RunView,
  type Snapshot,
} from '../shared/pipeline/snapshot.ts';

export { aRequestedReplay as aReplay, aRunFile, RUN } from '@music-etl/testing';

/** Builds a file; without versions it has one, which is archived. */
export const aFile = (key: string, ...versions: Partial<FileVersion>[]): FileDocument =>
  aFileAt(key, ...(versions.length > 0 ? versions : [{}]).map(anArchivedVersion));

export const aStage = (stage: Stage, over: Partial<StageDocument> = {}): StageDocument =>
  aClosedStage({ stage, ...over });

export const aRun = (...stages: StageDocument[]): RunView => ({
  run_id: RUN,
  document: aRunDocument({ reference_changed: true }),
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

export const aDeadLetterMessage = (over: Partial<DeadLetterMessage> = {}): DeadLetterMessage => ({
  queue: 'music-streaming-ingest-dlq',
  run_id: null,
  keys: [],
  request: null,
  reason: 'failed 3 times',
  job_run_id: null,
  error: '',
  ...over,
});

/** Builds changes that make a version reprocess version 1, whose content it has. */
export const aReplayed = (over: Partial<FileVersion> = {}): Partial<FileVersion> => ({
  version: 2,
  content_version: 1,
  replay: aRequestedReplay(),
  ...over,
});
