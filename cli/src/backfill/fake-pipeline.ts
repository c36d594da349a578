import {
  BACKFILL_STAGES,
  BACKFILL_START,
  RunDocument,
  resultKey,
  runKey,
  StageDocument,
  stageKey,
} from '@music-etl/contracts';
import type { memoryDocuments } from '@music-etl/stage/memory-documents';
import { readDocument } from '../shared/documents.ts';
import { aStage } from '../testing/builders.ts';
import type { MemoryObjects } from '../testing/fakes.ts';

/** A pipeline that claims one message and advances every run by one stage whenever somebody sleeps. */
export class FakePipeline {
  readonly queue: string[] = [];
  readonly claimed: string[] = [];
  mostActive = 0;
  /** The stage that is given up, of the run with these dates. */
  dead: { stage: StageDocument['stage']; dates: string } | null = null;

  constructor(
    private readonly documents: ReturnType<typeof memoryDocuments>,
    private readonly objects: MemoryObjects,
  ) {}

  async #write(runId: string, stage: StageDocument['stage'], over: Partial<StageDocument>): Promise<void> {
    await this.documents.mark(stageKey(runId, stage), aStage(stage, { run_id: runId, ...over }));
  }

  async step(): Promise<void> {
    for (const runId of this.claimed) await this.#advance(runId);
    const next = this.queue.shift();
    // A message that comes again finds the claim.
    if (next !== undefined && !this.claimed.includes(next)) {
      this.claimed.push(next);
      await this.#write(next, BACKFILL_START, { state: 'started' });
    }
    const entries = Object.entries(this.documents.snapshot());
    const runs = entries.filter(([key]) => key.endsWith('/run.json')).length;
    const closed = entries.filter(
      ([key, value]) => key.endsWith('/archive/stage.json') && JSON.stringify(value).includes('"closed"'),
    ).length;
    this.mostActive = Math.max(this.mostActive, runs - closed);
  }

  async #advance(runId: string): Promise<void> {
    const stages = await Promise.all(
      BACKFILL_STAGES.map((stage) => readDocument(this.objects, stageKey(runId, stage), StageDocument)),
    );
    const at = stages.findIndex((found) => found?.state !== 'closed');
    const stage = BACKFILL_STAGES[at];
    if (stage === undefined) return;
    const dates = (await readDocument(this.objects, runKey(runId), RunDocument))?.dates ?? [];
    if (this.dead?.stage === stage && dates.join() === this.dead.dates) {
      const over = { state: 'dead', error: 'failed 3 times: out of memory', job_run_id: 'jr_9' } as const;
      return this.#write(runId, stage, over);
    }
    if (stage === 'load') await this.#commitLoad(runId, dates);
    await this.#write(runId, stage, { state: 'closed' });
    const next = BACKFILL_STAGES[at + 1];
    if (next) await this.#write(runId, next, { state: 'started' });
  }

  async #commitLoad(runId: string, dates: readonly string[]): Promise<void> {
    const loaded = dates.map((date) => ({ date, generation: 9, written: 10, removed: 1, superseded: 0 }));
    const head = { schema_version: 1, run_id: runId, attempt: 1, committed_at: aStage('load').claimed_at };
    await this.documents.mark(resultKey(runId, 'load'), { ...head, dates: loaded });
  }
}
