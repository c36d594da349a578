import { RunDocument, runKey, type StageDocument } from '@music-etl/contracts';
import { type Measurement, secondsBetween } from '../domain/measurement.ts';
import type { StageDeps } from './stage.ts';

const commonOf = ({ message, attempt }: StageDocument, at: string): Measurement[] => [
  { name: 'StageSeconds', value: secondsBetween(message.requested_at, at) },
  ...(attempt > 1 ? [{ name: 'ExtraAttempts', value: attempt - 1 } as const] : []),
];

const runOf = async ({ definition, documents }: StageDeps, runId: string): Promise<RunDocument | null> => {
  if (!definition.readsRun) return null;
  return (await documents.read(runKey(runId), (value) => RunDocument.parse(value)))?.value ?? null;
};

const measurementsOf = async (deps: StageDeps, document: StageDocument, result: unknown): Promise<Measurement[]> => {
  switch (document.state) {
    case 'closed': {
      const [runId, at] = [document.run_id, document.ended_at ?? deps.world.now().toISOString()];
      const closed = { runId, at, run: await runOf(deps, runId) };
      return [...commonOf(document, at), ...deps.definition.measure(result, closed)];
    }
    case 'dead':
      return [
        { name: 'JobFailures', value: 1 },
        { name: 'DeadLetters', value: 1 },
      ];
    default:
      return [{ name: 'JobFailures', value: 1 }];
  }
};

/**
 * Measures how a Glue run ended. Only the caller that won the write of the stage's document measures, so that nothing
 * counts twice. An error is logged and does not stop the run.
 * @param result what the job committed; null without a result.
 */
export const measureEnd = async (deps: StageDeps, document: StageDocument, result: unknown): Promise<void> => {
  try {
    const measurements = await measurementsOf(deps, document, result);
    deps.meter(
      measurements.filter(({ value }) => Number.isFinite(value)),
      { correlation_id: document.run_id },
    );
  } catch (error) {
    deps.log.warn('the end of the stage could not be measured', { error });
  }
};
