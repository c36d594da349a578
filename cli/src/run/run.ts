import type { ExportSummary } from '../export/export.ts';
import { describeUploads, putAll } from '../put/put.ts';
import type { Upload } from '../put/upload.ts';
import { duration } from '../shared/format.ts';
import type { Patience } from '../shared/pipeline/outcome.ts';
import type { DeadLetter, Snapshot } from '../shared/pipeline/snapshot.ts';
import { watchUntilTerminal } from '../shared/pipeline/watch.ts';
import type { Clock, Deploy, Objects, Queues, RunningStack, Screen } from '../shared/ports.ts';
import { reportFaults } from './recovery.ts';
import { type RunReport, reportRun } from './run-report.ts';

/** What reaches the pipeline of a local stack. */
export interface Reach {
  objects: Objects;
  queues: Queues;
  look(): Promise<Snapshot>;
  exportTo(out: string): Promise<ExportSummary>;
  close(): void;
}

export interface RunDeps {
  startStack(): Promise<RunningStack>;
  deploy: Deploy;
  reach(localStack: RunningStack): Reach;
  screen: Screen;
  clock: Clock;
  patience: Patience;
}

const readLetters = async (reach: Reach, snapshot: Snapshot): Promise<DeadLetter[]> => {
  const filled = snapshot.queues.filter(({ dead, visible }) => dead && visible > 0);
  return filled.length > 0 ? reach.queues.letters(filled) : [];
};

const timed = async <T>(
  deps: RunDeps,
  seconds: Record<string, number>,
  name: string,
  work: () => Promise<T>,
): Promise<T> => {
  const began = deps.clock.now();
  const result = await work();
  seconds[name] = Math.round((deps.clock.now() - began) / 100) / 10;
  return result;
};

const process = async (
  deps: RunDeps,
  localStack: RunningStack,
  uploads: readonly Upload[],
  out: string,
  seconds: Record<string, number>,
): Promise<RunReport> => {
  const { screen, clock, patience } = deps;
  await timed(deps, seconds, 'deploy', () => deps.deploy(localStack, screen));
  const reach = deps.reach(localStack);
  try {
    screen.line(`uploading ${describeUploads(uploads)}`);
    const expected = await timed(deps, seconds, 'upload', () => putAll(reach.objects, uploads, screen));
    screen.line(' time  what happens; of a file: rows read = accepted + quarantined + duplicate');
    const look = (): Promise<Snapshot> => reach.look();
    const { verdict, snapshot } = await timed(deps, seconds, 'process', () =>
      watchUntilTerminal({ look, screen, clock }, expected, patience),
    );
    const report: Omit<RunReport, 'exported' | 'seconds'> = reportRun(
      snapshot,
      expected,
      verdict,
      await readLetters(reach, snapshot),
    );
    const faults = await reportFaults(localStack, reach.objects);
    if (faults !== null) report.faults = faults;
    if (verdict.kind !== 'terminal') return { ...report, exported: null, seconds };
    const exported = await timed(deps, seconds, 'export', () => reach.exportTo(out));
    screen.progress('');
    return { ...report, ok: report.ok && exported.incomplete.length === 0, exported, seconds };
  } finally {
    reach.close();
  }
};

/** Everything through a fresh local stack until all is terminal, then the export; the local stack is stopped whatever happens. */
export const runAll = async (deps: RunDeps, uploads: readonly Upload[], out: string): Promise<RunReport> => {
  const seconds: Record<string, number> = {};
  deps.screen.line('starting a fresh local localStack');
  const localStack = await timed(deps, seconds, 'localStack', () => deps.startStack());
  try {
    deps.screen.line(
      `the local stack is up at ${localStack.endpoint} after ${duration((seconds.stack ?? 0) * 1000)}; deploying five services`,
    );
    return await process(deps, localStack, uploads, out, seconds);
  } finally {
    await localStack.stop();
  }
};
