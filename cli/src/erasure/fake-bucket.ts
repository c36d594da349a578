import {
  type ErasureResult,
  erasureCause,
  erasureRequestKey,
  erasureResultKey,
  fileId,
  fileKey,
  replayKey,
  resultKey,
} from '@music-etl/contracts';
import { memoryDocuments } from '@music-etl/stage/memory-documents';
import type { Snapshot } from '../shared/pipeline/snapshot.ts';
import { aFile, aReplay, aReplayed, aSnapshot, RUN } from '../testing/builders.ts';
import { aClock, operationDeps } from '../testing/operations.ts';
import { forgetUser } from './forget-user.ts';
import type { ForgetOptions } from './options.ts';
import type { ErasureDeps, ErasureRun } from './ports.ts';
import type { Phase } from './result.ts';

export const KEY = 'streams/a.csv';
export const DIGEST = 'd'.repeat(64);
/** The id of the first erasure that a test requests. */
export const ID = '20261124T080000000-00000000';

const NOW = '2026-11-24T08:00:00.000Z';

type FakeDeps = ErasureDeps & ReturnType<typeof operationDeps>;

/** Builds the options of an erasure without a question. */
export const forgetOptions = (over: Partial<ForgetOptions> = {}): ForgetOptions => ({
  userId: '26',
  dryRun: false,
  yes: true,
  suffix: '',
  ...over,
});

/** A bucket with one file that has rows of the user; its job and its pipeline finish at once. */
export class FakeBucket {
  readonly documents = memoryDocuments();
  readonly phases: Phase[] = [];
  readonly deleted: string[] = [];
  rows = 3;
  derived = 5;
  /** How many rows arrive during each round. */
  arriving: number[] = [];
  /** The phase whose job fails. */
  failing: Phase | null = null;
  /** The next snapshots; after them the pipeline is quiet. */
  snapshots: Snapshot[] = [];
  /** The job run of another command. */
  active: ErasureRun | null = null;
  readonly #runs: ErasureRun[] = [];

  async #commit(id: string, phase: Phase, objects: Record<string, number>, replay: string | null): Promise<void> {
    const file = { file_id: fileId(KEY), key: KEY, version: 1, rows: this.rows, replay };
    const result: ErasureResult = {
      schema_version: 1,
      erasure_id: id,
      user_digest: DIGEST,
      phase,
      committed_at: NOW,
      files: this.rows > 0 ? [file] : [],
      dates: ['2018-11-15'],
      objects,
    };
    await this.documents.mark(erasureResultKey(id, phase), result);
  }

  async #work(id: string, phase: Phase): Promise<void> {
    if (phase === 'find') return this.#commit(id, phase, { 'archived/': this.rows, 'kpis/': this.derived }, null);
    if (phase === 'rewrite') return this.#rewrite(id);
    await this.#commit(id, phase, { 'kpis/': this.derived }, null);
    this.derived = 0;
    this.rows = this.arriving.shift() ?? 0;
  }

  async #rewrite(id: string): Promise<void> {
    const cause = erasureCause(id);
    await this.#commit(id, 'rewrite', { 'archived/': this.rows }, replayKey(fileId(KEY), 1, cause));
    const replay = aReplay({ cause, why: "a user's listens were erased", accept: true });
    await this.documents.mark(fileKey(fileId(KEY)), aFile(KEY, {}, aReplayed({ replay })));
    const dates = [{ date: '2018-11-15', generation: 9, written: 3, removed: 2, superseded: 0 }];
    const head = { schema_version: 1, run_id: RUN, attempt: 1, committed_at: NOW };
    await this.documents.mark(resultKey(RUN, 'load'), { ...head, dates });
  }

  async #start(id: string, phase: Phase): Promise<string> {
    this.phases.push(phase);
    const failed = this.failing === phase;
    if (!failed) await this.#work(id, phase);
    const run = { id: `jr_${this.phases.length}`, phase, state: failed ? 'FAILED' : 'SUCCEEDED' };
    this.#runs.push({ ...run, error: failed ? 'streams/b.csv has arrived' : null });
    return run.id;
  }

  /** Builds the dependencies of one command. */
  deps(over: Partial<Omit<ErasureDeps, 'screen' | 'send'>> = {}): FakeDeps {
    const allRuns = () => [...this.#runs, ...(this.active ? [this.active] : [])];
    return {
      ...operationDeps(this.documents, { clock: aClock() }),
      job: {
        start: (id, phase) => this.#start(id, phase),
        get: async (jobRunId) => allRuns().find(({ id }) => id === jobRunId) ?? null,
        findActive: async () => this.active,
        wasStarted: async (_, phase) => allRuns().some((run) => run.phase === phase),
      },
      look: async () => this.snapshots.shift() ?? aSnapshot(),
      deleteForGood: async (key) => {
        this.deleted.push(key);
        await this.documents.remove(key);
      },
      confirm: async () => true,
      ...over,
    };
  }

  /** Leaves the request of a command that was killed before anybody had decided. */
  async leaveRequest(): Promise<void> {
    const request = { schema_version: 1, erasure_id: ID, user_id: '26', requested_by: 'ada', requested_at: NOW };
    await this.documents.mark(erasureRequestKey(ID), request);
  }

  /** Interrupts a command while its rewrite is active; the rewrite ends when it is followed. */
  async interruptRewrite(): Promise<FakeDeps> {
    this.failing = 'rewrite';
    await expect(forgetUser(this.deps(), forgetOptions())).rejects.toThrow('rewrite ended FAILED');
    this.failing = null;
    this.active = { id: 'jr_old', phase: 'rewrite', state: 'RUNNING', error: null };
    const deps = this.deps();
    const get: ErasureDeps['job']['get'] = async (id) => {
      if (id !== 'jr_old') return deps.job.get(id);
      if (this.active) await deps.job.start(ID, 'rewrite', 9);
      this.active = null;
      return { id, phase: 'rewrite', state: 'SUCCEEDED', error: null };
    };
    return { ...deps, job: { ...deps.job, get } };
  }
}
