import type { OperationDeps } from '../shared/operation-ports.ts';
import type { Snapshot } from '../shared/pipeline/snapshot.ts';
import type { Phase } from './erasure.ts';

/** A run of the erasure's Glue job. */
export interface ErasureRun {
  id: string;
  phase: string;
  state: string;
  error: string | null;
}

/** The Glue job that erases. */
export interface ErasureJob {
  /** Gives the id of the job run, or null where no more runs may be under way now. */
  start(erasureId: string, phase: Phase, attempt: number): Promise<string | null>;
  get(jobRunId: string): Promise<ErasureRun | null>;
  /** A run under way for this erasure. */
  find(erasureId: string): Promise<ErasureRun | null>;
  /** Whether a run of the phase was ever started, however it ended. */
  wasStarted(erasureId: string, phase: Phase): Promise<boolean>;
}

export interface ForgetDeps extends OperationDeps {
  job: ErasureJob;
  look(): Promise<Snapshot>;
  /** Deletes every version of one object. */
  deleteForGood(key: string): Promise<void>;
  /** Asks a person; false is no. */
  confirm(question: string): Promise<boolean>;
}
