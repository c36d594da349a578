import type { BackfillDocument, StageDocument } from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';
import { many, clock as minutes } from '../shared/format.ts';
import type { OperationDeps } from '../shared/operation-ports.ts';
import { redriveCommand, stageQueues } from '../shared/queue-names.ts';
import { type BackfillRequest, backfillCommand } from './plan.ts';
import { type BackfillRun, BackfillRuns, type RunOutcome } from './run-state.ts';
import { type RunLook, spanWords } from './runs.ts';
import { completeBackfill } from './start.ts';

const EVERY_MS = 1000;
/** A stage that was just redriven looks dead until its message is taken. */
const GRACE_MS = 20_000;

/** What a backfill did in all; runs that were done before this command are counted too. */
export interface BackfillSummary extends RunOutcome {
  backfill_id: string;
  runs: number;
  reference_version: string;
  duration_ms: number;
}

const outcomeWords = ({ written, removed, changed }: RunOutcome): string =>
  [
    `${many(written, 'item')} written`,
    ...(removed > 0 ? [`${many(removed, 'item')} removed`] : []),
    changed === 0 ? 'no number changed' : `${many(changed, 'item')} with other numbers than before`,
  ].join(', ');

const giveUp = (run: BackfillRun, dead: StageDocument, others: number, request: BackfillRequest): UserError => {
  const { stage, job_run_id, error } = dead;
  const job = job_run_id ? ` (Glue run ${job_run_id})` : '';
  const rest = others > 0 ? ` ${many(others, 'other run')} under way ${others === 1 ? 'goes' : 'go'} on.` : '';
  const redrive = redriveCommand(stageQueues(stage, request.suffix).dead);
  return new UserError(
    `${stage} of ${spanWords(run.dates)} (run ${run.run_id}) was given up${job}: ${error ?? 'no error was recorded'}.${rest}`,
    `put right what the error names, then ${redrive}, then ${backfillCommand(request, request.suffix)}, which goes on`,
    1,
  );
};

const isUnderWay = ({ kind }: RunLook): boolean => kind === 'under way' || kind === 'unclaimed' || kind === 'dead';

const pairs = (document: BackfillDocument, looks: readonly RunLook[]) =>
  document.runs.map((run, i) => ({ run, look: looks[i] ?? { kind: 'absent' as const } }));
type Pair = ReturnType<typeof pairs>[number];

const progressWords = (all: readonly Pair[], elapsed: number): string => {
  const done = all.filter(({ look }) => look.kind === 'done').length;
  const underWay = all.flatMap(({ run, look }) => {
    if (look.kind === 'under way') return [`${spanWords(run.dates)} (${look.stage})`];
    return look.kind === 'unclaimed' ? [`${spanWords(run.dates)} (asked for)`] : [];
  });
  return `${minutes(elapsed)}  ${done} of ${many(all.length, 'run')} done; ${underWay.join(', ')}`;
};

/** Begins runs, as many as may be under way; a message that was perhaps never sent is sent again. */
const beginNext = async (runs: BackfillRuns, all: readonly Pair[], concurrency: number): Promise<number> => {
  for (const { run, look } of all) if (look.kind === 'unclaimed' && !runs.hasSent(run)) await runs.begin(run);
  const room = concurrency - all.filter(({ look }) => isUnderWay(look)).length;
  const next = all.filter(({ look }) => look.kind === 'absent').slice(0, Math.max(0, room));
  for (const { run } of next) await runs.begin(run);
  return next.length;
};

/**
 * Sends the runs of a backfill, never more than may be under way, until all are done.
 * @throws UserError where a stage of a run was given up
 */
export const driveBackfill = async (
  deps: OperationDeps,
  document: BackfillDocument,
  request: BackfillRequest,
): Promise<BackfillSummary> => {
  const { screen, clock } = deps;
  const began = clock.now();
  const runs = new BackfillRuns(deps, document, request.suffix);
  const sum: RunOutcome = { dates: 0, written: 0, removed: 0, changed: 0 };
  const counted = new Set<string>();
  const countDone = async ({ run, look }: Pair): Promise<void> => {
    if (look.kind !== 'done' || counted.has(run.run_id)) return;
    counted.add(run.run_id);
    const outcome = await runs.outcome(run);
    for (const name of ['dates', 'written', 'removed', 'changed'] as const) sum[name] += outcome[name];
    const place = `${counted.size}/${document.runs.length}`;
    screen.line(
      `${minutes(clock.now() - began).padStart(5)}  ${place}  ${spanWords(run.dates)}: ${outcomeWords(outcome)}`,
    );
  };
  for (;;) {
    const all = pairs(document, await runs.look());
    for (const pair of all) await countDone(pair);
    if (counted.size === document.runs.length) break;
    const dead = all.find(({ look }) => look.kind === 'dead');
    if (dead?.look.kind === 'dead' && clock.now() - began >= GRACE_MS) {
      screen.progress('');
      throw giveUp(dead.run, dead.look.stage, all.filter(({ look }) => isUnderWay(look)).length - 1, request);
    }
    if (!dead) await beginNext(runs, all, request.concurrency ?? document.concurrency);
    screen.progress(progressWords(all, clock.now() - began));
    await clock.sleep(EVERY_MS);
  }
  await completeBackfill(deps, document);
  screen.progress('');
  const { backfill_id, reference_version } = document;
  return { ...sum, backfill_id, runs: counted.size, reference_version, duration_ms: clock.now() - began };
};
