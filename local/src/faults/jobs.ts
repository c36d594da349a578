import type { Execute, Execution } from '../glue/ports.ts';
import type { Run } from '../glue/run.ts';
import { createCounter } from './fate.ts';
import type { FaultDeps } from './requests.ts';

/** Within the life of a small job: its start, its reads, its writes, its commit. */
const KILL_WITHIN_MS = 1_500;

/** Wraps the running of Glue jobs: killed on their way, hanging until their timeout, or running twice at once. */
export const faultyJobs = ({ fate, rates, ledger }: FaultDeps): ((execute: Execute) => Execute) => {
  const occurrence = createCounter();
  const kills = createCounter();
  const hangs = createCounter();

  const hang = (): Execution => {
    let end = (): void => {};
    const done = new Promise<{ ok: false; error: string }>((resolve) => {
      end = () => resolve({ ok: false, error: 'hung' });
    });
    return { done, kill: () => end() };
  };

  return (execute) => (job, run: Run, running) => {
    const stage = `${run.JobName} ${run.Arguments['--run_id']}`;
    const n = occurrence(run.JobName);
    const chance = (kind: string): number => fate(kind, run.JobName, n);
    if (chance('hang') < rates.hangJob && hangs('all') <= rates.hangs) {
      ledger.add('job hung until its timeout');
      running();
      return hang();
    }
    const execution = execute(job, run, running);
    if (chance('twin') < rates.twin) {
      ledger.add('job ran twice');
      void execute(job, { ...run, Id: `${run.Id}-twin` }, () => {}).done;
    }
    if (chance('kill') < rates.killJob && kills(stage) <= rates.killsPerStage) {
      ledger.add('job killed');
      const timer = setTimeout(execution.kill, chance('when') * KILL_WITHIN_MS);
      void execution.done.then(() => clearTimeout(timer));
    }
    return execution;
  };
};
