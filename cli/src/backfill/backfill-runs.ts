import type { BackfillDocument } from '@music-etl/contracts';
import { mapLimit } from '../shared/map-limit.ts';
import type { OperationDeps } from '../shared/operations.ts';
import { type RunProgress, readProgress } from './run-progress.ts';
import { type BackfillRun, startRun } from './start-run.ts';

const AT_ONCE = 8;

/** A run of a backfill and how far it is. */
export interface RunState {
  run: BackfillRun;
  progress: RunProgress;
}

/** Returns true if a run takes one of the backfill's places. */
export const isActive = ({ progress: { kind } }: RunState): boolean =>
  kind === 'requested' || kind === 'active' || kind === 'dead';

/** The runs of one backfill. It remembers what cannot change without this process: there may be hundreds of runs. */
export class BackfillRuns {
  readonly #known = new Map<string, RunProgress>();
  readonly #started = new Set<string>();

  constructor(
    private readonly deps: Pick<OperationDeps, 'objects' | 'documents' | 'clock' | 'send'>,
    private readonly backfill: BackfillDocument,
    private readonly suffix: string,
  ) {}

  /** Reads how far every run is, in their order. */
  read(): Promise<RunState[]> {
    return mapLimit(this.backfill.runs, AT_ONCE, async (run) => ({ run, progress: await this.#progress(run) }));
  }

  async #progress({ run_id }: BackfillRun): Promise<RunProgress> {
    const known = this.#known.get(run_id);
    if (known) return known;
    const progress = await readProgress(this.deps.objects, run_id);
    if (progress.kind === 'done' || progress.kind === 'absent') this.#known.set(run_id, progress);
    return progress;
  }

  /** Starts up to `concurrency` runs at a time; requests again what an earlier command perhaps did not. */
  async startNext(states: readonly RunState[], concurrency: number): Promise<void> {
    for (const { run, progress } of states) {
      if (progress.kind === 'requested' && !this.#started.has(run.run_id)) await this.#start(run);
    }
    const free = Math.max(0, concurrency - states.filter(isActive).length);
    const next = states.filter(({ progress }) => progress.kind === 'absent').slice(0, free);
    for (const { run } of next) await this.#start(run);
  }

  async #start(run: BackfillRun): Promise<void> {
    await startRun(this.deps, this.backfill, run, this.suffix);
    this.#started.add(run.run_id);
    this.#known.delete(run.run_id);
  }
}
