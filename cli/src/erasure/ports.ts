import type { OperationDeps } from '../shared/operations.ts';
import type { Snapshot } from '../shared/pipeline/snapshot.ts';
import type { Phase } from './result.ts';

/** A run of the erasure's Glue job. */
export interface ErasureRun {
  id: string;
  phase: string;
  state: string;
  error: string | null;
}

/** The Glue job that erases. */
export interface ErasureJob {
  /** Starts a phase and returns the job run's id; null if Glue is at capacity. */
  start(erasureId: string, phase: Phase, attempt: number): Promise<string | null>;
  get(jobRunId: string): Promise<ErasureRun | null>;
  /** Finds a run of this erasure that has not ended. */
  findActive(erasureId: string): Promise<ErasureRun | null>;
  /** Returns true if a run of the phase was ever started, however it ended. */
  wasStarted(erasureId: string, phase: Phase): Promise<boolean>;
}

export interface ErasureDeps extends OperationDeps {
  job: ErasureJob;
  look(): Promise<Snapshot>;
  /** Deletes every version of one object. */
  deleteForGood(key: string): Promise<void>;
  /** Prompts a person for a yes. */
  confirm(question: string): Promise<boolean>;
}
