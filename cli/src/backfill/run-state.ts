import {
  activeKey,
  type BackfillDocument,
  queueName,
  RESULTS,
  RunDocument,
  requestStage,
  resultKey,
  runKey,
  StageDocument,
  stageKey,
} from '@music-etl/contracts';
import { readChangeHead } from '../shared/change-log.ts';
import { readDocument } from '../shared/documents.ts';
import { mapLimit } from '../shared/map-limit.ts';
import type { OperationDeps } from '../shared/operations.ts';
import { BACKFILL_STAGES, lookOf, type RunLook } from './runs.ts';

const AT_ONCE = 8;

export type BackfillRun = BackfillDocument['runs'][number];

/** What a run of a backfill did. */
export interface RunOutcome {
  dates: number;
  written: number;
  removed: number;
  /** Items that had other numbers before. */
  changed: number;
}

/** The runs of one backfill: how far each is, and beginning the next. */
export class BackfillRuns {
  readonly #done = new Set<string>();
  /** Not to be looked at again until it is begun: there may be hundreds. */
  readonly #absent = new Set<string>();
  readonly #sent = new Set<string>();

  constructor(
    private readonly deps: OperationDeps,
    private readonly backfill: BackfillDocument,
    private readonly suffix: string,
  ) {}

  /** How far every run is, in their order. */
  look(): Promise<RunLook[]> {
    return mapLimit(this.backfill.runs, AT_ONCE, (run) => this.#look(run));
  }

  async #look({ run_id }: BackfillRun): Promise<RunLook> {
    if (this.#done.has(run_id)) return { kind: 'done' };
    if (this.#absent.has(run_id)) return { kind: 'absent' };
    const { objects } = this.deps;
    const stages: StageDocument[] = [];
    for (const stage of BACKFILL_STAGES) {
      const found = await readDocument(objects, stageKey(run_id, stage), StageDocument);
      if (found === null) break;
      stages.push(found);
    }
    const exists = stages.length > 0 || (await readDocument(objects, runKey(run_id), RunDocument)) !== null;
    const look = lookOf(exists, stages);
    if (look.kind === 'done') this.#done.add(run_id);
    if (look.kind === 'absent') this.#absent.add(run_id);
    return look;
  }

  /** Whether this process has sent the run's message. */
  hasSent({ run_id }: BackfillRun): boolean {
    return this.#sent.has(run_id);
  }

  /**
   * Creates the run and asks kpi for it. Begun again after a crash it creates nothing twice, and a message that was
   * sent already finds the claim.
   */
  async begin({ run_id, dates }: BackfillRun): Promise<void> {
    const { documents, clock, send } = this.deps;
    const { reference_version, why } = this.backfill;
    const now = new Date(clock.now());
    const run: RunDocument = {
      schema_version: 1,
      run_id,
      created_at: now.toISOString(),
      files: [],
      reference_changed: false,
      dates,
      reference_version,
      why,
    };
    await documents.create(runKey(run_id), run);
    await documents.mark(activeKey(run_id, 'kpi'), { run_id });
    await send(queueName('kpi') + this.suffix, requestStage('kpi', run_id, now));
    this.#sent.add(run_id);
    this.#absent.delete(run_id);
  }

  /** What a run did that is done. */
  async outcome({ run_id }: BackfillRun): Promise<RunOutcome> {
    const load = await readDocument(this.deps.objects, resultKey(run_id, 'load'), RESULTS.load);
    const loaded = load?.dates ?? [];
    const heads = await mapLimit(loaded, AT_ONCE, ({ date, generation }) =>
      readChangeHead(this.deps.objects, date, generation),
    );
    return {
      dates: loaded.length,
      written: loaded.reduce((sum, { written }) => sum + written, 0),
      removed: loaded.reduce((sum, { removed }) => sum + removed, 0),
      changed: heads.reduce((sum, head) => sum + (head?.run_id === run_id ? head.changes : 0), 0),
    };
  }
}
