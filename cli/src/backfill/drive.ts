import type { BackfillDocument, StageDocument } from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';
import { many } from '../shared/format.ts';
import type { OperationDeps } from '../shared/operations.ts';
import { redriveCommand, stageQueues } from '../shared/queue-names.ts';
import { BackfillRuns, isActive, type RunState } from './backfill-runs.ts';
import { spanWords } from './dates.ts';
import { type BackfillRequest, backfillCommand } from './options.ts';
import { completeBackfill } from './record.ts';
import { doneLine, progressLine } from './render-progress.ts';
import { type RunOutcome, readOutcome, totalOutcome } from './run-outcome.ts';
import type { BackfillRun } from './start-run.ts';

const EVERY_MS = 1000;
/** A stage that was just redriven is dead until its message is claimed. */
const GRACE_MS = 20_000;

/** What a backfill did. Runs that were done before this command count too. */
export interface BackfillSummary extends RunOutcome {
  backfill_id: string;
  runs: number;
  reference_version: string;
  duration_ms: number;
}

const deadError = (run: BackfillRun, dead: StageDocument, others: number, request: BackfillRequest): UserError => {
  const { stage, job_run_id, error } = dead;
  const job = job_run_id ? ` (Glue run ${job_run_id})` : '';
  const rest = others > 0 ? ` ${many(others, 'other run')} ${others === 1 ? 'goes' : 'go'} on.` : '';
  const redrive = redriveCommand(stageQueues(stage, request.suffix).dead);
  return new UserError(
    `${stage} of ${spanWords(run.dates)} (run ${run.run_id}) was given up${job}: ` +
      `${error ?? 'no error was recorded'}.${rest}`,
    `fix what the error names, then ${redrive}, then ${backfillCommand(request, request.suffix)} to resume`,
    1,
  );
};

/** Throws if a stage is dead and not just redriven; returns true if one is dead. */
const checkDead = (states: readonly RunState[], elapsedMs: number, request: BackfillRequest): boolean => {
  for (const { run, progress } of states) {
    if (progress.kind !== 'dead') continue;
    if (elapsedMs >= GRACE_MS) throw deadError(run, progress.stage, states.filter(isActive).length - 1, request);
    return true;
  }
  return false;
};

/** Reports every run that is newly done, and adds its outcome. */
const reportDone = async (
  { objects, screen }: OperationDeps,
  states: readonly RunState[],
  outcomes: Map<string, RunOutcome>,
  elapsedMs: number,
): Promise<void> => {
  for (const { run, progress } of states) {
    if (progress.kind !== 'done' || outcomes.has(run.run_id)) continue;
    const outcome = await readOutcome(objects, run.run_id);
    outcomes.set(run.run_id, outcome);
    screen.line(doneLine(run, outcome, `${outcomes.size}/${states.length}`, elapsedMs));
  }
};

/**
 * Starts the runs of a backfill, a few at a time, until all are done.
 * @throws UserError if a stage of a run is dead
 */
export const driveBackfill = async (
  deps: OperationDeps,
  document: BackfillDocument,
  request: BackfillRequest,
): Promise<BackfillSummary> => {
  const { screen, clock } = deps;
  const began = clock.now();
  const elapsedMs = (): number => clock.now() - began;
  const runs = new BackfillRuns(deps, document, request.suffix);
  const outcomes = new Map<string, RunOutcome>();
  for (;;) {
    const states = await runs.read();
    await reportDone(deps, states, outcomes, elapsedMs());
    if (outcomes.size === document.runs.length) break;
    const isDead = checkDead(states, elapsedMs(), request);
    if (!isDead) await runs.startNext(states, request.concurrency ?? document.concurrency);
    screen.progress(progressLine(states, elapsedMs()));
    await clock.sleep(EVERY_MS);
  }
  await completeBackfill(deps, document);
  screen.progress('');
  const { backfill_id, reference_version } = document;
  const total = totalOutcome(outcomes.values());
  return { ...total, backfill_id, runs: outcomes.size, reference_version, duration_ms: elapsedMs() };
};
