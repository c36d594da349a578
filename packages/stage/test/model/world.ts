import { activeKey, type OutboxEntry, resultKey, StageDocument, stageKey } from '@music-etl/contracts';
import { NOW, RUN } from '@music-etl/testing';
import { someLimits } from '@music-etl/testing/fake-stage';
import { type Call, faultGate, type Plan } from '@music-etl/testing/faults';
import { gatedDocuments } from '@music-etl/testing/gated-documents';
import { quietLog } from '@music-etl/testing/quiet-log';
import { memoryDocuments } from '../../src/adapters/memory-documents.ts';
import type { StageDeps } from '../../src/app/stage.ts';
import type { StageDefinition } from '../../src/domain/definition.ts';
import { hasEnded, type JobRun, type JobStart } from '../../src/domain/ports.ts';

/** A message of the run: the attempt that it names if it is, or was, a dead-letter message. */
export type QueuedMessage = number | null;

/** The state between two invocations. It is plain data, so that a world can be built from it again. */
export interface State {
  readonly documents: Readonly<Record<string, unknown>>;
  readonly jobs: readonly JobRun[];
  /** Glue runs whose event was not delivered yet. */
  readonly events: readonly string[];
  readonly messages: readonly QueuedMessage[];
  readonly deadLetters: readonly QueuedMessage[];
  /** The attempts of all dead-letter messages that were ever sent. */
  readonly attemptsGivenUp: readonly number[];
  readonly nextSent: number;
  readonly seconds: number;
  readonly ids: number;
}

export const FRESH: State = {
  documents: {},
  jobs: [],
  events: [],
  messages: [null],
  deadLetters: [],
  attemptsGivenUp: [],
  nextSent: 0,
  seconds: 0,
  ids: 0,
};

/** How Glue answers a start. `at capacity, yet started`: an SDK retry, after its first call has started the run. */
export type Capacity = 'free' | 'at capacity' | 'at capacity, yet started';

const limits = someLimits({ maxFailures: 2, maxDeferralSeconds: 1500 });

/** A committed result that does not match its schema. */
const GARBAGE = 'garbage';

const definition: StageDefinition = {
  stage: 'validate',
  next: (result) => {
    if (result === GARBAGE) throw new Error('not a result');
    return [{ kind: 'run_completed', run_id: RUN }];
  },
  measure: () => [],
  readsRun: false,
};

/** Bucket, Glue, queues and clock around one stage. The tested code runs in it unchanged. */
export class ModelWorld {
  readonly store = memoryDocuments();
  jobs: JobRun[];
  events: string[];
  messages: QueuedMessage[];
  deadLetters: QueuedMessage[];
  attemptsGivenUp: number[];
  nextSent: number;
  seconds: number;
  ids: number;

  constructor(state: State) {
    for (const [key, value] of Object.entries(state.documents)) void this.store.mark(key, value);
    this.jobs = [...state.jobs];
    this.events = [...state.events];
    this.messages = [...state.messages];
    this.deadLetters = [...state.deadLetters];
    this.attemptsGivenUp = [...state.attemptsGivenUp];
    this.nextSent = state.nextSent;
    this.seconds = state.seconds;
    this.ids = state.ids;
  }

  state(): State {
    const { jobs, events, messages, deadLetters, attemptsGivenUp, nextSent, seconds, ids } = this;
    const documents = this.store.snapshot();
    return {
      documents,
      jobs: [...jobs],
      events: [...events],
      messages: [...messages],
      deadLetters: [...deadLetters],
      attemptsGivenUp: [...attemptsGivenUp],
      nextSent,
      seconds,
      ids,
    };
  }

  /** Returns what the bucket holds of the run. */
  view(): { readonly stage: StageDocument | null; readonly committed: boolean; readonly active: boolean } {
    const documents = this.store.snapshot();
    const stage = documents[stageKey(RUN, 'validate')];
    return {
      stage: stage === undefined ? null : StageDocument.parse(stage),
      committed: resultKey(RUN, 'validate') in documents && !this.hasGarbage,
      active: activeKey(RUN, 'validate') in documents,
    };
  }

  get hasGarbage(): boolean {
    return this.store.snapshot()[resultKey(RUN, 'validate')] === GARBAGE;
  }

  /** A person removes the unreadable result. */
  async removeGarbage(): Promise<void> {
    if (this.hasGarbage) await this.store.remove(resultKey(RUN, 'validate'));
  }

  get live(): JobRun[] {
    return this.jobs.filter((job) => !hasEnded(job));
  }

  /** Ends a Glue run, which has committed a result, nothing, or garbage. */
  async end(id: string, state: string, commits: boolean | 'garbage'): Promise<void> {
    const result = commits === 'garbage' ? GARBAGE : { run_id: RUN };
    if (commits !== false) await this.store.create(resultKey(RUN, 'validate'), result);
    this.jobs = this.jobs.map((job) => (job.id === id ? { ...job, state } : job));
    this.events.push(id);
  }

  /** Returns the ports of one invocation, with the planned fault. */
  deps(plan: Plan | null, capacity: Capacity): { readonly deps: StageDeps; readonly calls: readonly Call[] } {
    const { gate, calls } = faultGate(plan);
    const nextId = (): string => {
      this.ids += 1;
      return `start-${this.ids}`;
    };
    const deps: StageDeps = {
      definition,
      limits,
      documents: gatedDocuments(this.store, gate),
      jobs: {
        start: (runId, attempt) => gate('writes', async () => this.#begin(runId, attempt, capacity)),
        get: (id) => gate('reads', async () => this.jobs.find((job) => job.id === id) ?? null),
        find: (runId) => gate('reads', async () => this.live.find((job) => job.runId === runId) ?? null),
      },
      send: (entry) => gate('writes', async () => this.#sent(entry)),
      world: { now: () => new Date(NOW.getTime() + this.seconds * 1000), id: nextId, random: () => 0.5 },
      log: quietLog,
      meter: () => {},
    };
    return { deps, calls };
  }

  #begin(runId: string, attempt: number, capacity: Capacity): JobStart {
    if (capacity === 'at capacity') return { atCapacity: 'ConcurrentRunsExceededException' };
    this.ids += 1;
    const id = `jr_${this.ids}`;
    this.jobs.push({ id, runId, attempt, state: 'RUNNING', error: null });
    return capacity === 'free' ? { jobRunId: id } : { atCapacity: 'ConcurrentRunsExceededException' };
  }

  #sent(entry: OutboxEntry): void {
    if (entry.kind === 'request') this.messages.push(null);
    if (entry.kind === 'run_completed') this.nextSent += 1;
    if (entry.kind !== 'dead_letter') return;
    this.deadLetters.push(entry.attempt);
    this.attemptsGivenUp.push(entry.attempt);
  }
}
