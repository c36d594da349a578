import { ErasureResult, erasureResultKey } from '@music-etl/contracts';
import { readDocument } from '../shared/documents.ts';
import { UserError } from '../shared/errors.ts';
import { clock as minutes } from '../shared/format.ts';
import type { ErasureDeps, ErasureRun } from './ports.ts';
import type { Phase } from './result.ts';

const EVERY_MS = 2000;
const AT_CAPACITY_EVERY_MS = 15_000;
const ENDED = ['SUCCEEDED', 'FAILED', 'TIMEOUT', 'STOPPED', 'ERROR', 'EXPIRED'];

const DESCRIPTIONS: Record<Phase, string> = {
  find: 'reads every file and the data derived from it',
  rewrite: "rewrites the files without the user's rows",
  purge: 'deletes every object version that still names the user',
};

const follow = async (deps: ErasureDeps, jobRunId: string, words: string): Promise<ErasureRun> => {
  const began = deps.clock.now();
  for (;;) {
    const run = await deps.job.get(jobRunId);
    if (run !== null && ENDED.includes(run.state)) return run;
    deps.screen.progress(`${minutes(deps.clock.now() - began)}  ${words}`);
    await deps.clock.sleep(EVERY_MS);
  }
};

const start = async (deps: ErasureDeps, erasureId: string, phase: Phase, attempt: number): Promise<string> => {
  for (;;) {
    const id = await deps.job.start(erasureId, phase, attempt);
    if (id !== null) return id;
    deps.screen.progress('Glue is at capacity; waiting');
    await deps.clock.sleep(AT_CAPACITY_EVERY_MS);
  }
};

/** Follows the job run of an earlier command to its end; null if none is active. */
export const followActive = async (deps: ErasureDeps, erasureId: string): Promise<ErasureRun | null> => {
  const active = await deps.job.findActive(erasureId);
  return active && follow(deps, active.id, `${active.phase} of an earlier command is active`);
};

/** One attempt at a phase of an erasure. */
export interface PhaseAttempt {
  erasureId: string;
  phase: Phase;
  attempt: number;
  /** The command that resumes the erasure. */
  resume: string;
  /** The last run of an earlier command; null if there is none. */
  earlier: ErasureRun | null;
}

/**
 * Runs one phase of an erasure and returns its result. The run of an interrupted command is followed first, and adopted
 * if it is of this phase.
 * @throws UserError with the job's error
 */
export const runPhase = async (
  deps: ErasureDeps,
  { erasureId, phase, attempt, resume, earlier }: PhaseAttempt,
): Promise<ErasureResult> => {
  const last = (await followActive(deps, erasureId)) ?? earlier;
  const run =
    last?.phase === phase && last.state === 'SUCCEEDED'
      ? last
      : await follow(deps, await start(deps, erasureId, phase, attempt), `${phase}: ${DESCRIPTIONS[phase]}`);
  deps.screen.progress('');
  if (run.state !== 'SUCCEEDED') {
    const error = run.error?.trim().replace(/\s+/g, ' ') ?? 'no error was recorded';
    throw new UserError(
      `${phase} ended ${run.state} (Glue run ${run.id}): ${error}`,
      `fix what the error names, then ${resume} to resume`,
      1,
    );
  }
  const result = await readDocument(deps.objects, erasureResultKey(erasureId, phase), ErasureResult);
  if (result !== null) return result;
  throw new Error(`${phase} of erasure ${erasureId} succeeded (Glue run ${run.id}), but there is no result`);
};
