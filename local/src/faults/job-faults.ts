import type { Exchange, Interceptor, Reply } from '../gateway/exchange.ts';
import type { Execute, Execution } from '../glue/ports.ts';
import { jobMark, type Run } from '../glue/run.ts';
import { jobOf } from './callers.ts';
import type { FaultContext } from './context.ts';
import { createOccurrences } from './fault-plan.ts';
import { applyPlannedFault, type Chance, hang, kill, type PlannedFault } from './planned-fault.ts';

type FaultyJobs = {
  readonly wrapExecute: (execute: Execute) => Execute;
  /** Handles the requests of jobs: some faults happen at one of them. */
  readonly interceptor: Interceptor;
};

/** Returns a function that plans the fault of a stage's next run, or null. */
const createPlanner = (rates: FaultContext['rates']) => {
  const ends = createOccurrences();
  const hangs = createOccurrences();
  return (stage: string, chance: Chance): PlannedFault | null => {
    const hangsHere = chance('hang') < rates.hangJob;
    if (!hangsHere && chance('kill') >= rates.killJob) return null;
    if (ends(stage) > rates.endsPerStage) return null;
    if (!hangsHere) return kill(chance);
    return hangs('all') <= rates.hangs ? hang(chance) : null;
  };
};

const killAfter = (ms: number, execution: Execution, count: (kind: string) => void): void => {
  const timer = setTimeout(() => {
    count('job killed on its way');
    execution.kill();
  }, ms);
  timer.unref();
  void execution.done.then(() => clearTimeout(timer));
};

/** Creates the faults of Glue runs: some are killed, hang until their timeout, or run twice at once. */
export const faultyJobs = ({ faultPlan, rates, counter }: FaultContext): FaultyJobs => {
  const occurrence = createOccurrences();
  const plan = createPlanner(rates);
  const faulted = new Map<string, (exchange: Exchange, next: () => Promise<Reply>) => Promise<Reply>>();

  const prepare = (run: Run, fault: PlannedFault, execution: Execution): void => {
    if (fault.kind === 'moment') {
      killAfter(fault.ms, execution, counter.add);
      return;
    }
    const mark = jobMark(run.Id);
    faulted.set(mark, applyPlannedFault(fault, execution.kill, counter.add));
    void execution.done.then(() => faulted.delete(mark));
  };

  return {
    wrapExecute: (execute) => (job, run, running) => {
      const n = occurrence(run.JobName);
      const chance: Chance = (kind) => faultPlan(kind, run.JobName, n);
      const execution = execute(job, run, running);
      if (chance('twin') < rates.twin) {
        counter.add('job ran twice');
        void execute(job, { ...run, Id: `${run.Id}-twin` }, () => {}).done;
      }
      const fault = plan(`${run.JobName} ${run.Arguments['--run_id']}`, chance);
      if (fault !== null) prepare(run, fault, execution);
      return execution;
    },
    interceptor: async (exchange, next) => {
      const apply = faulted.get(jobOf(exchange) ?? '');
      return apply ? apply(exchange, () => next(exchange)) : next(exchange);
    },
  };
};
