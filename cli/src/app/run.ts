import { duration } from '../domain/format.ts';
import type { Upload } from '../domain/keys.ts';
import { type RunReport, reportRun } from '../domain/run-report.ts';
import type { DeadLetter, Snapshot } from '../domain/snapshot.ts';
import type { Patience } from '../domain/verdict.ts';
import type { ExportSummary } from './export.ts';
import type { Clock, Deploy, Objects, Queues, RunningFloor, Screen } from './ports.ts';
import { describeUploads, putAll } from './put.ts';
import { reportFaults } from './recovery.ts';
import { watchUntilSettled } from './watch.ts';

/** What reaches the pipeline of a floor. */
export interface Reach {
  objects: Objects;
  queues: Queues;
  look(): Promise<Snapshot>;
  exportTo(out: string): Promise<ExportSummary>;
  close(): void;
}

export interface RunDeps {
  startFloor(): Promise<RunningFloor>;
  deploy: Deploy;
  reach(floor: RunningFloor): Reach;
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
  floor: RunningFloor,
  uploads: readonly Upload[],
  out: string,
  seconds: Record<string, number>,
): Promise<RunReport> => {
  const { screen, clock, patience } = deps;
  await timed(deps, seconds, 'deploy', () => deps.deploy(floor, screen));
  const reach = deps.reach(floor);
  try {
    screen.line(`uploading ${describeUploads(uploads)}`);
    const expected = await timed(deps, seconds, 'upload', () => putAll(reach.objects, uploads, screen));
    screen.line(' time  what happens; of a file: rows read = accepted + quarantined + duplicate');
    const look = (): Promise<Snapshot> => reach.look();
    const { verdict, snapshot } = await timed(deps, seconds, 'process', () =>
      watchUntilSettled({ look, screen, clock }, expected, patience),
    );
    const report: Omit<RunReport, 'exported' | 'seconds'> = reportRun(
      snapshot,
      expected,
      verdict,
      await readLetters(reach, snapshot),
    );
    const faults = await reportFaults(floor, reach.objects);
    if (faults !== null) report.faults = faults;
    if (verdict.kind !== 'settled') return { ...report, exported: null, seconds };
    const exported = await timed(deps, seconds, 'export', () => reach.exportTo(out));
    screen.progress('');
    return { ...report, ok: report.ok && exported.incomplete.length === 0, exported, seconds };
  } finally {
    reach.close();
  }
};

/** Everything through a fresh floor until all is settled, then the export; the floor is stopped whatever happens. */
export const runAll = async (deps: RunDeps, uploads: readonly Upload[], out: string): Promise<RunReport> => {
  const seconds: Record<string, number> = {};
  deps.screen.line('starting a fresh local floor');
  const floor = await timed(deps, seconds, 'floor', () => deps.startFloor());
  try {
    deps.screen.line(
      `the floor is up at ${floor.endpoint} after ${duration((seconds.floor ?? 0) * 1000)}; deploying five services`,
    );
    return await process(deps, floor, uploads, out, seconds);
  } finally {
    await floor.stop();
  }
};
