import { activeKey, type OutboxEntry, resultKey, StageDocument, stageKey } from '@music-etl/contracts';
import { memoryDocuments } from '../../src/adapters/memory-documents.ts';
import type { StageDefinition, StageDeps } from '../../src/app/stage.ts';
import { type DocumentStore, hasEnded, type JobRun, type JobStart } from '../../src/domain/ports.ts';
import { NOW, RUN, someLimits } from '../support/records.ts';
import { breaking, type Call, type Plan, type Through } from './faults.ts';

/** Everything there is between two invocations; plain data, so that a world can be built again from it. */
export interface State {
  readonly documents: Readonly<Record<string, unknown>>;
  readonly jobs: readonly JobRun[];
  /** Glue runs whose end was not told of yet. */
  readonly events: readonly string[];
  readonly messages: number;
  readonly letters: number;
  readonly lettersEver: number;
  readonly nextSent: number;
  readonly seconds: number;
  readonly ids: number;
}

export const FRESH: State = {
  documents: {},
  jobs: [],
  events: [],
  messages: 1,
  letters: 0,
  lettersEver: 0,
  nextSent: 0,
  seconds: 0,
  ids: 0,
};

/** How Glue answers a start: it begins a run, is full, or begins one while the answer says full (a retried call). */
export type House = 'open' | 'full' | 'full, yet begun';

export const limits = someLimits({ maxFailures: 2, maxDeferralSeconds: 1500 });

/** What a job committed that nobody can understand. */
const GARBAGE = 'garbage';

const definition: StageDefinition = {
  stage: 'validate',
  next: (result) => {
    if (result === GARBAGE) throw new Error('not a result');
    return [{ kind: 'run_completed', run_id: RUN }];
  },
  measure: () => [],
};

const gated = (store: DocumentStore, through: Through): DocumentStore => ({
  read: (key, parse) => through('asks', () => store.read(key, parse)),
  create: (key, value) => through('changes', () => store.create(key, value)),
  replace: (key, value, etag) => through('changes', () => store.replace(key, value, etag)),
  mark: (key, value) => through('changes', () => store.mark(key, value)),
  list: (prefix) => through('asks', () => store.list(prefix)),
  remove: (key) => through('changes', () => store.remove(key)),
});

/** One stage's surroundings: bucket, Glue, queues and clock. The code that is tested runs in it unchanged. */
export class ModelWorld {
  readonly store = memoryDocuments();
  jobs: JobRun[];
  events: string[];
  messages: number;
  letters: number;
  lettersEver: number;
  nextSent: number;
  seconds: number;
  ids: number;

  constructor(state: State) {
    for (const [key, value] of Object.entries(state.documents)) void this.store.mark(key, value);
    this.jobs = [...state.jobs];
    this.events = [...state.events];
    this.messages = state.messages;
    this.letters = state.letters;
    this.lettersEver = state.lettersEver;
    this.nextSent = state.nextSent;
    this.seconds = state.seconds;
    this.ids = state.ids;
  }

  state(): State {
    const { jobs, events, messages, letters, lettersEver, nextSent, seconds, ids } = this;
    const documents = this.store.snapshot();
    return { documents, jobs: [...jobs], events: [...events], messages, letters, lettersEver, nextSent, seconds, ids };
  }

  /** What the bucket says of the run. */
  look(): { readonly stage: StageDocument | null; readonly committed: boolean; readonly inHand: boolean } {
    const documents = this.store.snapshot();
    const stage = documents[stageKey(RUN, 'validate')];
    return {
      stage: stage === undefined ? null : StageDocument.parse(stage),
      committed: resultKey(RUN, 'validate') in documents && !this.hasGarbage,
      inHand: activeKey(RUN, 'validate') in documents,
    };
  }

  get hasGarbage(): boolean {
    return this.store.snapshot()[resultKey(RUN, 'validate')] === GARBAGE;
  }

  /** A person takes away the result that nobody can understand. */
  async patch(): Promise<void> {
    if (this.hasGarbage) await this.store.remove(resultKey(RUN, 'validate'));
  }

  get live(): JobRun[] {
    return this.jobs.filter((job) => !hasEnded(job));
  }

  /** A Glue run ends, with or without having committed its result, or what is none. */
  async end(id: string, state: string, commits: boolean | 'garbage'): Promise<void> {
    const result = commits === 'garbage' ? GARBAGE : { run_id: RUN };
    if (commits !== false) await this.store.create(resultKey(RUN, 'validate'), result);
    this.jobs = this.jobs.map((job) => (job.id === id ? { ...job, state } : job));
    this.events.push(id);
  }

  /** What one invocation of a function gets: the ports, broken as planned. */
  deps(plan: Plan | null, house: House): { readonly deps: StageDeps; readonly calls: readonly Call[] } {
    const { through, calls } = breaking(plan);
    const nextId = (): string => {
      this.ids += 1;
      return `start-${this.ids}`;
    };
    const deps: StageDeps = {
      definition,
      limits,
      documents: gated(this.store, through),
      jobs: {
        start: (runId, attempt) => through('changes', async () => this.#begin(runId, attempt, house)),
        get: (id) => through('asks', async () => this.jobs.find((job) => job.id === id) ?? null),
        find: (runId) => through('asks', async () => this.live.find((job) => job.runId === runId) ?? null),
      },
      send: (entry) => through('changes', async () => this.#sent(entry)),
      world: { now: () => new Date(NOW.getTime() + this.seconds * 1000), id: nextId, random: () => 0.5 },
      log: { info: () => {}, warn: () => {}, error: () => {} },
      meter: () => {},
    };
    return { deps, calls };
  }

  #begin(runId: string, attempt: number, house: House): JobStart {
    if (house === 'full') return { full: 'ConcurrentRunsExceededException' };
    this.ids += 1;
    const id = `jr_${this.ids}`;
    this.jobs.push({ id, runId, attempt, state: 'RUNNING', error: null });
    return house === 'open' ? { jobRunId: id } : { full: 'ConcurrentRunsExceededException' };
  }

  #sent(entry: OutboxEntry): void {
    if (entry.kind === 'request') this.messages += 1;
    if (entry.kind === 'run_completed') this.nextSent += 1;
    if (entry.kind !== 'dead_letter') return;
    this.letters += 1;
    this.lettersEver += 1;
  }
}
