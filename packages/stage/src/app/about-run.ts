import type { Log } from '../domain/ports.ts';
import type { StageDeps } from './stage.ts';

/** The same log, whose every line carries the run's id as `correlation_id`: what finds a run in all functions and jobs. */
export const logOfRun = (log: Log, runId: string): Log => {
  const id = { correlation_id: runId };
  return {
    info: (message, ...extra) => log.info(message, id, ...extra),
    warn: (message, ...extra) => log.warn(message, id, ...extra),
    error: (message, ...extra) => log.error(message, id, ...extra),
  };
};

/** Does work on a run: whatever it says, and what it throws, is logged with the run's id. */
export const aboutRun = async (
  deps: StageDeps,
  runId: string,
  work: (deps: StageDeps) => Promise<void>,
): Promise<void> => {
  const log = logOfRun(deps.log, runId);
  try {
    await work({ ...deps, log });
  } catch (error) {
    log.error('work on the run failed and will be tried again', { error });
    throw error;
  }
};
