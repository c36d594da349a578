import type { Exchange, Interceptor, Reply } from '../gateway/exchange.ts';
import type { Execute, Execution } from '../glue/ports.ts';
import { jobMark, type Run } from '../glue/run.ts';
import { jobOf } from './callers.ts';
import type { FaultDeps } from './deps.ts';
import { createCounter } from './fault-plan.ts';
import { applyPlannedFault, hanging, killing, type PlannedFault } from './planned-fault.ts';

export type FaultyJobs = {
  readonly wrapExecute: (execute: Execute) => Execute;
  /** Sees the requests of jobs, by which some of them end. */
  readonly interceptor: Interceptor;
};

/** Glue runs that are killed somewhere on their way, hang until their timeout, or run twice at once. */
export const faultyJobs = ({ faultPlan, rates, ledger }: FaultDeps): FaultyJobs => {
  const occurrence = createCounter();
  const ends = createCounter();
  const hangs = createCounter();
  const faulted = new Map<string, (exchange: Exchange, next: () => Promise<Reply>) => Promise<Reply>>();

  const plannedFaultOf = (stage: string, chance: (kind: string) => number): PlannedFault | null => {
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

  const planFault = (run: Run, plannedFault: PlannedFault, execution: Execution): void => {
    if (plannedFault.kind === 'moment') {
      killAt(plannedFault.ms, execution);
      return;
    }
    const mark = jobMark(run.Id);
    faulted.set(mark, applyPlannedFault(plannedFault, execution.kill, ledger.add));
    void execution.done.then(() => faulted.delete(mark));
  };

  return {
    wrapExecute: (execute) => (job, run, running) => {
      const n = occurrence(run.JobName);
      const chance = (kind: string): number => faultPlan(kind, run.JobName, n);
      const execution = execute(job, run, running);
      if (chance('twin') < rates.twin) {
        ledger.add('job ran twice');
        void execute(job, { ...run, Id: `${run.Id}-twin` }, () => {}).done;
      }
      const plannedFault = plannedFaultOf(`${run.JobName} ${run.Arguments['--run_id']}`, chance);
      if (plannedFault !== null) planFault(run, plannedFault, execution);
      return execution;
    },
    interceptor: async (exchange, next) => {
      const meet = faulted.get(jobOf(exchange) ?? '');
      return meet ? meet(exchange, () => next(exchange)) : next(exchange);
    },
  };
};
