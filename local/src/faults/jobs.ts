import type { Exchange, Interceptor, Reply } from '../gateway/exchange.ts';
import type { Execute, Execution } from '../glue/ports.ts';
import { jobMark, type Run } from '../glue/run.ts';
import { jobOf } from './callers.ts';
import type { FaultDeps } from './deps.ts';
import { type Doom, hanging, killing, meetDoom } from './doom.ts';
import { createCounter } from './fate.ts';

export type FaultyJobs = {
  readonly wrapExecute: (execute: Execute) => Execute;
  /** Sees the requests of jobs, by which some of them end. */
  readonly interceptor: Interceptor;
};

/** Glue runs that are killed somewhere on their way, hang until their timeout, or run twice at once. */
export const faultyJobs = ({ fate, rates, ledger }: FaultDeps): FaultyJobs => {
  const occurrence = createCounter();
  const ends = createCounter();
  const hangs = createCounter();
  const doomed = new Map<string, (exchange: Exchange, next: () => Promise<Reply>) => Promise<Reply>>();

  const doomOf = (stage: string, chance: (kind: string) => number): Doom | null => {
    const hang = chance('hang') < rates.hangJob;
    if (!hang && chance('kill') >= rates.killJob) return null;
    if (ends(stage) > rates.endsPerStage) return null;
    if (!hang) return killing(chance);
    return hangs('all') <= rates.hangs ? hanging(chance) : null;
  };

  const killAt = (ms: number, { done, kill }: Execution): void => {
    const timer = setTimeout(() => {
      ledger.add('job killed on its way');
      kill();
    }, ms);
    timer.unref();
    void done.then(() => clearTimeout(timer));
  };

  const condemn = (run: Run, doom: Doom, execution: Execution): void => {
    if (doom.kind === 'moment') {
      killAt(doom.ms, execution);
      return;
    }
    const mark = jobMark(run.Id);
    doomed.set(mark, meetDoom(doom, execution.kill, ledger.add));
    void execution.done.then(() => doomed.delete(mark));
  };

  return {
    wrapExecute: (execute) => (job, run, running) => {
      const n = occurrence(run.JobName);
      const chance = (kind: string): number => fate(kind, run.JobName, n);
      const execution = execute(job, run, running);
      if (chance('twin') < rates.twin) {
        ledger.add('job ran twice');
        void execute(job, { ...run, Id: `${run.Id}-twin` }, () => {}).done;
      }
      const doom = doomOf(`${run.JobName} ${run.Arguments['--run_id']}`, chance);
      if (doom !== null) condemn(run, doom, execution);
      return execution;
    },
    interceptor: async (exchange, next) => {
      const meet = doomed.get(jobOf(exchange) ?? '');
      return meet ? meet(exchange, () => next(exchange)) : next(exchange);
    },
  };
};
