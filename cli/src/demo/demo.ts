import { putAll } from '../put/put.ts';
import type { Upload } from '../put/upload.ts';
import { renderRun } from '../run/render.ts';
import type { Reach } from '../run/run.ts';
import { reportRun } from '../run/run-report.ts';
import { count } from '../shared/format.ts';
import { type Expected, type Patience, validate } from '../shared/pipeline/outcome.ts';
import type { Snapshot } from '../shared/pipeline/snapshot.ts';
import { watch } from '../shared/pipeline/watch.ts';
import type { Clock, KpiTable, Screen } from '../shared/ports.ts';
import { readDay } from '../show/read-day.ts';
import { renderDay, renderLedgers } from '../show/render-day.ts';

const BETWEEN_DAYS_MS = 4000;

export interface DemoDeps {
  reach: Reach & { table: KpiTable };
  screen: Screen;
  clock: Clock;
  patience: Patience;
}

/** The sample as waves of files, its last date, and how many of its rows were made wrong. */
export interface DemoSample {
  waves: readonly (readonly Upload[])[];
  lastDate: string;
  wrong: number;
}

/** Puts the sample a day at a time, as files come in life; shows how they move; ends with the last day's KPIs. */
export const showSample = async (
  { reach, screen, clock, patience }: DemoDeps,
  { waves, lastDate, wrong }: DemoSample,
): Promise<{ ok: boolean; snapshot: Snapshot }> => {
  const expected: Expected[] = [];
  let allPut = false;
  const failure: unknown[] = [];
  const putting = (async () => {
    for (const wave of waves) {
      expected.push(...(await putAll(reach.objects, wave, screen)));
      await clock.sleep(BETWEEN_DAYS_MS);
    }
    allPut = true;
  })().catch((error: unknown) => {
    failure.push(error);
  });
  const { end: verdict, snapshot } = await watch({ look: () => reach.look(), screen, clock }, (seen, still) => {
    if (failure.length > 0) throw failure[0];
    const validated = validate(seen, expected, still, patience);
    if (validated.kind === 'going' || (validated.kind === 'terminal' && !allPut)) return null;
    return validated;
  });
  await putting;
  if (verdict.kind !== 'terminal') {
    const report = reportRun(snapshot, expected, verdict, await reach.queues.letters(snapshot.queues));
    for (const text of renderRun({ ...report, exported: null, seconds: {} })) screen.line(text);
    return { ok: false, snapshot };
  }
  for (const text of renderDay(await readDay(reach.table, lastDate))) screen.line(text);
  for (const text of renderLedgers(snapshot)) screen.line(text);
  const { ok, imbalances, files } = reportRun(snapshot, expected, verdict, []);
  screen.line(ok ? '  every ledger balances' : `  NOT balanced: ${imbalances.join('; ')}`);
  const found = files.reduce((sum, { quarantined }) => sum + quarantined, 0);
  screen.line(`  the sample was made with ${count(wrong)} wrong rows; ${count(found)} were found`);
  return { ok: ok && found === wrong, snapshot };
};
