import type { ErasureResult } from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';
import { many } from '../shared/format.ts';
import type { Erasure } from './erasure.ts';
import { foundLines } from './render-found.ts';
import { endRequest, restoreRequest } from './request.ts';
import { addObjects, isEmpty, needsAnotherRewrite, replayCount } from './result.ts';
import { type ErasureSummary, summarize } from './summary.ts';
import { wakeIngest } from './wait-until-quiet.ts';

const MOST_ROUNDS = 3;

/** Rewrites the files and waits until they are reprocessed; returns the last result and all counts of objects. */
const rewriteFiles = async (erasure: Erasure): Promise<ErasureResult> => {
  const { deps, options } = erasure;
  let objects: Record<string, number> = {};
  for (let round = 1; ; round += 1) {
    const rewritten = await erasure.run('rewrite');
    objects = addObjects(objects, rewritten.objects);
    const replays = replayCount(rewritten);
    deps.screen.line(
      `rewritten without the user: ${many(rewritten.files.length, 'file')}, ${replays} to be reprocessed`,
    );
    if (replays > 0) await wakeIngest(deps, options.suffix);
    await erasure.waitUntilQuiet('files are reprocessed and their dates recomputed');
    if (round === MOST_ROUNDS || !needsAnotherRewrite(rewritten)) return { ...rewritten, objects };
  }
};

/**
 * Rewrites, purges and finds again until nothing of the user is found, then ends the request.
 * @throws UserError if the user is still found after three rounds
 */
export const erase = async (erasure: Erasure): Promise<ErasureSummary> => {
  const { deps, request, options } = erasure;
  const began = deps.clock.now();
  let objects: Record<string, number> = {};
  await restoreRequest(deps, request, options.suffix);
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const rewritten = await rewriteFiles(erasure);
    const purged = await erasure.run('purge');
    objects = addObjects(objects, addObjects(rewritten.objects, purged.objects));
    const left = await erasure.run('find');
    if (isEmpty(left)) {
      const summary = await summarize(deps, { ...rewritten, objects }, deps.clock.now() - began);
      await endRequest(deps, request);
      return summary;
    }
    deps.screen.line(`found again, round ${round} of ${MOST_ROUNDS}`);
    for (const line of foundLines(left)) deps.screen.line(line);
  }
  throw new UserError(
    `after ${MOST_ROUNDS} rounds the user is still found; perhaps files with the user's rows keep arriving`,
    `stop their sender, then ${erasure.resume} to resume`,
    1,
  );
};
