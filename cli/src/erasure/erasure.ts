import type { ErasureRequest, ErasureResult } from '@music-etl/contracts';
import { type ForgetOptions, forgetCommand } from './options.ts';
import type { ErasureDeps, ErasureRun } from './ports.ts';
import type { Phase } from './result.ts';
import { followActive, runPhase } from './run-phase.ts';
import { waitUntilQuiet } from './wait-until-quiet.ts';

/** One erasure. Every phase can be repeated, so a command can stop anywhere and be resumed. */
export class Erasure {
  #attempts = 0;
  #earlier: ErasureRun | null = null;

  constructor(
    readonly deps: ErasureDeps,
    readonly request: ErasureRequest,
    readonly options: Pick<ForgetOptions, 'suffix' | 'dryRun'>,
  ) {}

  /** The command that resumes this erasure. */
  get resume(): string {
    return forgetCommand(this.request, this.options.suffix, this.options.dryRun);
  }

  /** Waits until no run is active; `what` says on the screen what is waited for. */
  waitUntilQuiet(what: string): Promise<void> {
    return waitUntilQuiet(this.deps, { what, resume: this.resume, suffix: this.options.suffix });
  }

  /** Follows the job run of an earlier command to its end. */
  async followEarlier(): Promise<void> {
    this.#earlier = await followActive(this.deps, this.request.erasure_id);
  }

  async run(phase: Phase): Promise<ErasureResult> {
    this.#attempts += 1;
    const earlier = this.#earlier;
    this.#earlier = null;
    const { erasure_id: erasureId } = this.request;
    return runPhase(this.deps, { erasureId, phase, attempt: this.#attempts, resume: this.resume, earlier });
  }
}
