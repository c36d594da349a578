import type { ExportSummary } from '../export/export.ts';
import { describeUploads, putAll } from '../put/put.ts';
import type { Upload } from '../put/upload.ts';
import { duration } from '../shared/format.ts';
import type { Patience } from '../shared/pipeline/outcome.ts';
import { TIMELINE_HEAD, watchUntilTerminal } from '../shared/pipeline/watch.ts';
import type { Clock, Screen } from '../shared/ports.ts';
import type { Reached } from '../shared/reach.ts';
import type { RunningStack } from '../stack/running-stack.ts';
import type { StackInDirectory } from '../stack/temporary-stack.ts';
import { reportFaults } from './faults.ts';
import { type RunReport, reportRun } from './run-report.ts';

export interface RunDeps {
  startStack(): Promise<StackInDirectory>;
  deploy(stack: StackInDirectory): Promise<void>;
  reach(stack: StackInDirectory): Reached;
  exportTo(reached: Reached, out: string): Promise<ExportSummary>;
  screen: Screen;
  clock: Clock;
  patience: Patience;
}

/** What goes in, and where the KPIs go. */
export interface RunInput {
  uploads: readonly Upload[];
  out: string;
}

/** Measures the steps of a run in seconds. */
class Stopwatch {
  readonly seconds: Record<string, number> = {};

  constructor(private readonly clock: Clock) {}

  async time<T>(step: string, work: () => Promise<T>): Promise<T> {
    const began = this.clock.now();
    const result = await work();
    this.seconds[step] = Math.round((this.clock.now() - began) / 100) / 10;
    return result;
  }
}

type Processed = Omit<RunReport, 'seconds'>;

const process = async (
  deps: RunDeps,
  stack: RunningStack,
  reached: Reached,
  { uploads, out }: RunInput,
  watch: Stopwatch,
): Promise<Processed> => {
  const { screen, clock, patience } = deps;
  screen.line(`uploading ${describeUploads(uploads)}`);
  const expected = await watch.time('upload', () => putAll(reached.objects, uploads, screen));
  screen.line(TIMELINE_HEAD);
  const { outcome, snapshot } = await watch.time('process', () =>
    watchUntilTerminal({ look: () => reached.look(), screen, clock }, expected, patience),
  );
  const messages = await reached.queues.deadLetterMessages(snapshot.queues);
  const faults = await reportFaults(stack, reached.objects);
  const report = { ...reportRun(snapshot, expected, outcome, messages), ...(faults && { faults }) };
  if (outcome.kind !== 'terminal') return { ...report, exported: null };
  const exported = await watch.time('export', () => deps.exportTo(reached, out));
  screen.progress('');
  return { ...report, ok: report.ok && exported.incomplete.length === 0, exported };
};

/**
 * Sends files through a fresh local stack until each has reached a terminal state, then exports. The stack is stopped
 * whatever happens.
 */
export const runAll = async (deps: RunDeps, input: RunInput): Promise<RunReport> => {
  const { screen } = deps;
  const watch = new Stopwatch(deps.clock);
  screen.line('starting a fresh local stack');
  const stack = await watch.time('start', () => deps.startStack());
  try {
    const took = duration((watch.seconds.start ?? 0) * 1000);
    screen.line(`the local stack is up at ${stack.endpoint} after ${took}; deploying the services`);
    await watch.time('deploy', () => deps.deploy(stack));
    const reached = deps.reach(stack);
    const processed = await process(deps, stack, reached, input, watch).finally(() => reached.close());
    return { ...processed, seconds: watch.seconds };
  } finally {
    await stack.stop();
  }
};
