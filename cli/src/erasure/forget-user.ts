import {
  type ErasureRequest,
  type ErasureResult,
  erasureRequestKey,
  erasureResultKey,
  FILES_PREFIX,
  FileDocument,
  RESULTS,
  resultKey,
} from '@music-etl/contracts';
import { documentsUnder, readDocument } from '../shared/documents.ts';
import { UserError } from '../shared/errors.ts';
import { many } from '../shared/format.ts';
import { addObjects, forgetCommand, isNothing, needsAnotherRound, replaysOf, rowsIn } from './erasure.ts';
import { followEarlier, runPhase } from './phase.ts';
import type { ErasureRun, ForgetDeps } from './ports.ts';
import { type ErasureSummary, foundLines, LEFT_TO_THE_OWNER } from './render.ts';
import { hasBegun, requestAgain, requestErasure } from './requests.ts';
import { nudgeIngest, waitUntilQuiet } from './wait-until-quiet.ts';

const MOST_ROUNDS = 3;

export interface ForgetOptions {
  userId: string;
  dryRun: boolean;
  yes: boolean;
  suffix: string;
}

/** What a command found or did; null summary: nothing was to be erased, or a person said no. */
export interface Forgotten {
  found: ErasureResult | null;
  summary: ErasureSummary | null;
  declined: boolean;
  /** It was not gone on with, but files are rewritten, or being rewritten: it is to be finished. */
  begun: boolean;
}

/** One erasure, followed through its phases. Every phase may be run again, so it may be left anywhere and gone on with. */
class Erasure {
  #attempts = 0;
  #objects: Record<string, number> = {};
  #followed: ErasureRun | null = null;

  constructor(
    private readonly deps: ForgetDeps,
    private readonly request: ErasureRequest,
    private readonly options: Pick<ForgetOptions, 'suffix' | 'dryRun'>,
  ) {}

  get #id(): string {
    return this.request.erasure_id;
  }

  get resume(): string {
    return forgetCommand(this.request, this.options.suffix, this.options.dryRun);
  }

  awaitTerminal(what: string) {
    return waitUntilQuiet(this.deps, { what, resume: this.resume, suffix: this.options.suffix });
  }

  async phase(phase: ErasureResult['phase']): Promise<ErasureResult> {
    this.#attempts += 1;
    const followed = this.#followed;
    this.#followed = null;
    const { resume } = this;
    return runPhase(this.deps, { erasureId: this.#id, phase, attempt: this.#attempts, resume, followed });
  }

  /**
   * Whether another command had files rewritten: from then on finding again says less than there was. What it left
   * under way is followed to its end first.
   */
  async wasBegun(): Promise<boolean> {
    this.#followed = await followEarlier(this.deps, this.#id);
    return hasBegun(this.deps, this.#id);
  }

  /** Files rewritten, reprocessed and through all stages; then everything deleted that still names the user. */
  async #round(): Promise<ErasureResult> {
    const { screen } = this.deps;
    for (let round = 1; ; round += 1) {
      const rewritten = await this.phase('rewrite');
      this.#objects = addObjects(this.#objects, rewritten.objects);
      const asked = rewritten.files.filter(({ replay }) => replay !== null).length;
      screen.line(`rewritten without the user: ${many(rewritten.files.length, 'file')}, ${asked} to be reprocessed`);
      if (asked > 0) await nudgeIngest(this.deps, this.options.suffix);
      await this.awaitTerminal('the files are reprocessed and their dates computed');
      if (round === MOST_ROUNDS || !needsAnotherRound(rewritten)) return rewritten;
    }
  }

  /** @throws UserError where something of the user is found again and again */
  async erase(): Promise<ErasureSummary> {
    const began = this.deps.clock.now();
    await requestAgain(this.deps, this.request, this.options.suffix);
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      const rewritten = await this.#round();
      const purged = await this.phase('purge');
      this.#objects = addObjects(this.#objects, purged.objects);
      const left = await this.phase('find');
      if (isNothing(left)) return this.#summary(rewritten, began);
      for (const text of [`found again, round ${round} of ${MOST_ROUNDS}`, ...foundLines(left)])
        this.deps.screen.line(text);
    }
    throw new UserError(
      `after ${MOST_ROUNDS} rounds the user is still found; perhaps files with rows of the user keep arriving`,
      `stop what sends them, then ${this.resume}, which goes on`,
      1,
    );
  }

  async #summary(rewritten: ErasureResult, began: number): Promise<ErasureSummary> {
    const { objects, clock } = this.deps;
    const replays = replaysOf(await documentsUnder(objects, FILES_PREFIX, FileDocument), this.#id);
    const runs = new Set(replays.flatMap(({ version }) => (version.run_id ? [version.run_id] : [])));
    const loads = await Promise.all(
      [...runs].map((run) => readDocument(objects, resultKey(run, 'load'), RESULTS.load)),
    );
    const loaded = loads.flatMap((load) => load?.dates ?? []);
    return {
      erasure_id: this.#id,
      user_digest: rewritten.user_digest,
      files: rewritten.files.map(({ key, rows, replay }) => ({ key, rows, reprocessed: replay !== null })),
      rows: rowsIn(rewritten),
      dates: [...new Set(loaded.map(({ date }) => date))].sort(),
      items_removed: loaded.reduce((sum, { removed }) => sum + removed, 0),
      objects: this.#objects,
      duration_ms: clock.now() - began,
      left: [...LEFT_TO_THE_OWNER],
    };
  }

  /** The request names the user: with the erasure's end it goes, every version of it. */
  async end(): Promise<void> {
    await this.deps.deleteForGood(erasureRequestKey(this.#id));
  }

  /** As if it had never been asked for; false where it has begun by now, so that it has to be finished. */
  async withdraw(): Promise<boolean> {
    if (await hasBegun(this.deps, this.#id)) return false;
    // Another command searches now; it takes the request back, or goes on with it.
    if ((await this.deps.job.find(this.#id)) !== null) return true;
    await this.end();
    await this.deps.deleteForGood(erasureResultKey(this.#id, 'find'));
    return true;
  }
}

const QUESTION = 'Erase these rows for good, from the raw files to the table? Nothing brings them back.';

/** Finds what there is and lets the person decide. Null: it is to be done. */
const decide = async (
  deps: ForgetDeps,
  erasure: Erasure,
  { yes, dryRun }: ForgetOptions,
): Promise<{ found: ErasureResult; declined: boolean } | null> => {
  const found = await erasure.phase('find');
  if (!isNothing(found)) for (const text of foundLines(found)) deps.screen.line(text);
  if (dryRun || isNothing(found)) return { found, declined: false };
  return yes || (await deps.confirm(QUESTION)) ? null : { found, declined: true };
};

/** What there is to say where nothing is to be erased, or not now; null where it is to be done. */
const consider = async (deps: ForgetDeps, erasure: Erasure, options: ForgetOptions): Promise<Forgotten | null> => {
  if (!options.dryRun) await erasure.awaitTerminal('waits until nothing is under way');
  if ((await erasure.wasBegun()) && !options.dryRun) return null;
  const decided = await decide(deps, erasure, options);
  return decided && { ...decided, summary: null, begun: !(await erasure.withdraw()) };
};

/**
 * Erases a user's listens, or goes on with an erasure that was interrupted. A command that does not erase takes the
 * request back unless it has begun; where another one still asks a person, that one writes it again.
 * @throws UserError where a phase fails, a run was given up, or the user is found again and again
 */
export const forgetUser = async (deps: ForgetDeps, options: ForgetOptions): Promise<Forgotten> => {
  const { request, resumed } = await requestErasure(deps, options.userId, options.suffix);
  const erasure = new Erasure(deps, request, options);
  if (resumed) {
    const goesOn = options.dryRun ? 'looks at' : 'goes on with';
    deps.screen.line(`${goesOn} erasure ${request.erasure_id}, begun ${request.requested_at.slice(0, 16)}Z`);
  }
  const considered = await consider(deps, erasure, options).catch(async (error: unknown) => {
    // The first error is what matters; a request that stays is taken back by a dry run.
    if (!resumed) await erasure.withdraw().catch(() => false);
    throw error;
  });
  if (considered) return considered;
  const summary = await erasure.erase();
  await erasure.end();
  return { found: null, summary, declined: false, begun: false };
};
