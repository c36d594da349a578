import type { Log } from '../domain/ports.ts';
import type { StageDeps } from './stage.ts';

/** Returns a log that adds the run's id as `correlation_id` to each line; it finds a run in all functions and jobs. */
const logOfRun = (log: Log, runId: string): Log => {
  const id = { correlation_id: runId };
  return {
    info: (message, ...extra) => log.info(message, id, ...extra),
    warn: (message, ...extra) => log.warn(message, id, ...extra),
    error: (message, ...extra) => log.error(message, id, ...extra),
  };
};

/** Does work on a run, with the run's id in every log line. An error is logged and thrown again. */
export const withRun = async (
  deps: StageDeps,
  runId: string,
  work: (deps: StageDeps) => Promise<void>,
): Promise<void> => {
  const log = logOfRun(deps.log, runId);
  try {
    await work({ ...deps, log });
  } catch (error) {
    log.error('work on the run failed and will be retried', { error });
    throw error;
  }
};
