import { putAll } from '../put/put.ts';
import type { Upload } from '../put/upload.ts';
import { renderRun } from '../run/render.ts';
import { reportRun } from '../run/run-report.ts';
import { count } from '../shared/format.ts';
import { type Expected, type Outcome, outcomeOf, type Patience } from '../shared/pipeline/outcome.ts';
import type { Snapshot } from '../shared/pipeline/snapshot.ts';
import { watch } from '../shared/pipeline/watch.ts';
import type { Clock, Screen } from '../shared/ports.ts';
import type { Reached } from '../shared/reach.ts';
import { readDay } from '../show/read-day.ts';
import { renderDay } from '../show/render-day.ts';
import { renderLedgers } from '../show/render-ledgers.ts';

const BETWEEN_DAYS_MS = 4000;

export interface DemoDeps {
  reached: Reached;
  screen: Screen;
  clock: Clock;
  patience: Patience;
}

/** The sample's files in waves, its last date, and how many of its rows are wrong. */
export interface DemoSample {
  waves: readonly (readonly Upload[])[];
  lastDate: string;
  wrong: number;
}

interface Watched {
  outcome: Outcome;
  snapshot: Snapshot;
  expected: Expected[];
}

/** Puts the waves one after the other and watches the files meanwhile. */
const putAndWatch = async ({ reached, screen, clock, patience }: DemoDeps, waves: DemoSample['waves']) => {
  const expected: Expected[] = [];
  let allPut = false;
  let failure: { error: unknown } | null = null;
  const putting = (async () => {
    for (const wave of waves) {
      expected.push(...(await putAll(reached.objects, wave, screen)));
      await clock.sleep(BETWEEN_DAYS_MS);
    }
    allPut = true;
  })().catch((error: unknown) => {
    failure = { error };
  });
  const { end, snapshot } = await watch({ look: () => reached.look(), screen, clock }, (seen, stillForMs) => {
    if (failure) throw failure.error;
    const outcome = outcomeOf(seen, expected, stillForMs, patience);
    return outcome.kind === 'going' || (outcome.kind === 'terminal' && !allPut) ? null : outcome;
  });
  await putting;
  return { outcome: end, snapshot, expected } satisfies Watched;
};

const showFailure = async ({ reached, screen }: DemoDeps, { outcome, snapshot, expected }: Watched) => {
  const messages = await reached.queues.deadLetterMessages(snapshot.queues);
  const report = reportRun(snapshot, expected, outcome, messages);
  for (const text of renderRun({ ...report, exported: null, seconds: {} })) screen.line(text);
};

/**
 * Sends the sample through the pipeline a day at a time, prints how its files move, then the KPIs of its last day.
 * `ok` is true if every ledger balances and exactly the wrong rows were quarantined.
 */
export const showSample = async (
  deps: DemoDeps,
  { waves, lastDate, wrong }: DemoSample,
): Promise<{ ok: boolean; snapshot: Snapshot }> => {
  const { reached, screen } = deps;
  const watched = await putAndWatch(deps, waves);
  const { outcome, snapshot, expected } = watched;
  if (outcome.kind !== 'terminal') {
    await showFailure(deps, watched);
    return { ok: false, snapshot };
  }
  for (const text of renderDay(await readDay(reached.table, lastDate))) screen.line(text);
  for (const text of renderLedgers(snapshot)) screen.line(text);
  const { ok, imbalances, files } = reportRun(snapshot, expected, outcome, []);
  const found = files.reduce((sum, { quarantined }) => sum + quarantined, 0);
  screen.line(ok ? '  every ledger balances' : `  NOT balanced: ${imbalances.join('; ')}`);
  screen.line(`  the sample has ${count(wrong)} wrong rows; ${count(found)} were found`);
  return { ok: ok && found === wrong, snapshot };
};
