import { ErasureResult, erasureResultKey } from '@music-etl/contracts';
import { readDocument } from '../shared/documents.ts';
import { UserError } from '../shared/errors.ts';
import { clock as minutes } from '../shared/format.ts';
import type { Phase } from './erasure.ts';
import type { ErasureRun, ForgetDeps } from './ports.ts';

const EVERY_MS = 2000;
const FULL_EVERY_MS = 15_000;
const ENDED = ['SUCCEEDED', 'FAILED', 'TIMEOUT', 'STOPPED', 'ERROR', 'EXPIRED'];

const DOES: Record<Phase, string> = {
  find: 'looks through every file and what was made of it',
  rewrite: 'rewrites the files without the rows of the user',
  purge: 'deletes for good what still names the user',
};

const follow = async (deps: ForgetDeps, jobRunId: string, began: number, words: string): Promise<ErasureRun> => {
  for (;;) {
    const run = await deps.job.get(jobRunId);
    if (run !== null && ENDED.includes(run.state)) return run;
    deps.screen.progress(`${minutes(deps.clock.now() - began)}  ${words}`);
    await deps.clock.sleep(EVERY_MS);
  }
};

const begin = async (deps: ForgetDeps, erasureId: string, phase: Phase, attempt: number): Promise<string> => {
  for (;;) {
    const id = await deps.job.start(erasureId, phase, attempt);
    if (id !== null) return id;
    deps.screen.progress('Glue has no room for the job now; waits');
    await deps.clock.sleep(FULL_EVERY_MS);
  }
};

/** Follows a run that another command began to its end; null where none is under way. */
export const followEarlier = async (deps: ForgetDeps, erasureId: string): Promise<ErasureRun | null> => {
  const earlier = await deps.job.find(erasureId);
  if (earlier === null) return null;
  return follow(deps, earlier.id, deps.clock.now(), `an earlier command's ${earlier.phase} is under way`);
};

/** One try of a phase; `followed` is the run of another command that was followed to its end before. */
export interface PhaseTry {
  erasureId: string;
  phase: Phase;
  attempt: number;
  resume: string;
  followed: ErasureRun | null;
}

/**
 * Runs one phase of an erasure and gives its result. A run that an interrupted command began is followed to its end
 * first, and is this phase's if it is one of it.
 * @throws UserError with the error of the job
 */
export const runPhase = async (
  deps: ForgetDeps,
  { erasureId, phase, attempt, resume, followed }: PhaseTry,
): Promise<ErasureResult> => {
  const adopted = (await followEarlier(deps, erasureId)) ?? followed;
  const began = deps.clock.now();
  const words = `${phase}: ${DOES[phase]}`;
  const run =
    adopted?.phase === phase && adopted.state === 'SUCCEEDED'
      ? adopted
      : await follow(deps, await begin(deps, erasureId, phase, attempt), began, words);
  deps.screen.progress('');
  if (run.state !== 'SUCCEEDED') {
    throw new UserError(
      `${phase} ended ${run.state} (Glue run ${run.id}): ${run.error?.trim().replace(/\s+/g, ' ') ?? 'no error was recorded'}`,
      `put right what it names, then ${resume}, which goes on`,
      1,
    );
  }
  const result = await readDocument(deps.objects, erasureResultKey(erasureId, phase), ErasureResult);
  if (result !== null) return result;
  throw new Error(`${phase} of erasure ${erasureId} succeeded (Glue run ${run.id}), but left no result`);
};
