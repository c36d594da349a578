import type { ErasureResult } from '@music-etl/contracts';
import { erase } from './erase.ts';
import { Erasure } from './erasure.ts';
import type { ForgetOptions } from './options.ts';
import type { ErasureDeps } from './ports.ts';
import { foundLines } from './render-found.ts';
import { requestErasure } from './request.ts';
import { isEmpty } from './result.ts';
import type { ErasureSummary } from './summary.ts';
import { hasStarted, withdrawErasure } from './withdraw.ts';

/** What the command found or did. */
export interface Forgotten {
  found: ErasureResult | null;
  /** null: nothing was erased. */
  summary: ErasureSummary | null;
  /** A person said no. */
  declined: boolean;
  /** This command erased nothing, but another one has started to: the erasure has to be finished. */
  started: boolean;
}

const QUESTION = 'Erase these rows for good, from the raw files to the table? Nothing brings them back.';

/** Finds the user's data and lets the person decide; null if it is to be erased. */
const decide = async (
  erasure: Erasure,
  { yes, dryRun }: ForgetOptions,
): Promise<Pick<Forgotten, 'found' | 'declined'> | null> => {
  const { screen, confirm } = erasure.deps;
  const found = await erasure.run('find');
  if (isEmpty(found)) return { found, declined: false };
  for (const line of foundLines(found)) screen.line(line);
  if (dryRun) return { found, declined: false };
  return yes || (await confirm(QUESTION)) ? null : { found, declined: true };
};

/**
 * Finds and prompts, and withdraws the request if nothing is to be erased; null if the erasure is to go on. A started
 * erasure goes on without a question, since finding reports less than there was.
 */
const consider = async (erasure: Erasure, options: ForgetOptions): Promise<Forgotten | null> => {
  const { deps, request } = erasure;
  if (!options.dryRun) await erasure.waitUntilQuiet('waiting until no run is active');
  await erasure.followEarlier();
  if (!options.dryRun && (await hasStarted(deps, request.erasure_id))) return null;
  const decided = await decide(erasure, options);
  return decided && { ...decided, summary: null, started: !(await withdrawErasure(deps, request.erasure_id)) };
};

/**
 * Erases a user's listens, or resumes an interrupted erasure. A command that does not erase withdraws the request,
 * unless the erasure has started; a command that still waits for its confirmation writes the request again.
 * @throws UserError if a phase fails, a run is dead, or the user is found again and again
 */
export const forgetUser = async (deps: ErasureDeps, options: ForgetOptions): Promise<Forgotten> => {
  const { request, resumed } = await requestErasure(deps, options.userId, options.suffix);
  const { erasure_id, requested_at } = request;
  const erasure = new Erasure(deps, request, options);
  if (resumed) {
    const verb = options.dryRun ? 'looks at' : 'resumes';
    deps.screen.line(`${verb} erasure ${erasure_id}, requested ${requested_at.slice(0, 16)}Z`);
  }
  const ended = await consider(erasure, options).catch(async (error: unknown) => {
    // The first error matters; a dry run withdraws a request that stays.
    if (!resumed) await withdrawErasure(deps, erasure_id).catch(() => false);
    throw error;
  });
  return ended ?? { found: null, summary: await erase(erasure), declined: false, started: false };
};
