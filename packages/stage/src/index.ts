export { activeRuns } from './app/active-runs.ts';
export type { StageDeps } from './app/stage.ts';
export { type Closed, defineStage, type StageDefinition } from './domain/definition.ts';
export type { Limits } from './domain/limits.ts';
export {
  counted,
  MEASURED,
  METRIC_DIMENSIONS,
  METRIC_NAMES,
  METRIC_NAMESPACE,
  type Measurement,
  type Meter,
  type MetricName,
  secondsBetween,
  serviceName,
} from './domain/measurement.ts';
export {
  type DocumentStore,
  hasEnded,
  type JobRun,
  type JobStart,
  type Jobs,
  type Log,
  type Stored,
  type World,
} from './domain/ports.ts';
export { madeAt, newRunId } from './domain/run-id.ts';
