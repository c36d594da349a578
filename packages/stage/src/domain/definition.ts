import { nextStage, type OutboxEntry, RESULTS, type RunDocument, requestStage, type Stage } from '@music-etl/contracts';
import type { z } from 'zod';
import type { Measurement } from './measurement.ts';

/** What a stage measures with, beside the job's result. */
export interface Closed {
  readonly runId: string;
  /** When the stage was closed. */
  readonly at: string;
  /** The run's document; null unless the definition says `readsRun`. */
  readonly run: RunDocument | null;
}

/** What makes one stage differ from another. */
export interface StageDefinition {
  readonly stage: Stage;
  /** Returns what to send after the job's result; throws on a result that does not match its schema. */
  readonly next: (result: unknown, now: Date) => OutboxEntry[];
  readonly measure: (result: unknown, closed: Closed) => Measurement[];
  /** Whether `measure` needs the run's document. */
  readonly readsRun: boolean;
}

type Results = typeof RESULTS;
type ResultOf<S extends Stage> = z.infer<Results[S]>;
type Schemas = { readonly [S in Stage]: z.ZodType<ResultOf<S>> };

interface Rules<S extends Stage> {
  readonly measure: (result: ResultOf<S>, closed: Closed) => Measurement[];
  /** Returns whether the run goes on to the next stage. Without it, every run does. */
  readonly goesOn?: (result: ResultOf<S>) => boolean;
  readonly readsRun?: boolean;
}

/** Returns what follows a stage: a request to the next one, or after the last the event that the run has completed. */
const following = (stage: Stage, runId: string, now: Date): OutboxEntry => {
  const next = nextStage(stage);
  if (next === null) return { kind: 'run_completed', run_id: runId };
  return { kind: 'request', message: requestStage(next, runId, now), delay_seconds: 0 };
};

/** Defines a stage. Its result's schema and what follows it come from the stage list in contracts. */
export const defineStage = <S extends Stage>(
  stage: S,
  { measure, goesOn = () => true, readsRun = false }: Rules<S>,
): StageDefinition => {
  const schemas: Schemas = RESULTS;
  const parse = (value: unknown): ResultOf<S> => schemas[stage].parse(value);
  return {
    stage,
    readsRun,
    measure: (value, closed) => measure(parse(value), closed),
    next: (value, now) => {
      const result = parse(value);
      return goesOn(result) ? [following(stage, result.run_id, now)] : [];
    },
  };
};
