import {
  activePrefix,
  DATES_PREFIX,
  DateDocument,
  FILES_PREFIX,
  FileDocument,
  latestVersion,
  PENDING_PREFIX,
  REFERENCE_KEY,
  REPLAYS_PREFIX,
  RESULTS,
  ReferenceDocument,
  RunDocument,
  resultKey,
  runKey,
  STAGES,
  Stage,
  StageDocument,
  stageKey,
  WAITING_PREFIX,
} from '@music-etl/contracts';
import type { z } from 'zod';
import { documentsUnder, listKeys, readDocument } from '../documents.ts';
import type { Clock, Objects, Queues } from '../ports.ts';
import type { QueueView, RunView, Snapshot } from './snapshot.ts';
import { UnchangedObjects } from './unchanged-objects.ts';

const QUEUES_KEPT_MS = 3000;
const ACTIVE = activePrefix('ingest').replace(/ingest\/$/, '');

/** Looks at the pipeline, again and again: reads only what changed since it last looked. */
export class Observer {
  readonly #objects: UnchangedObjects;
  readonly #runs = new Map<string, RunView>();
  #inHand: ReadonlySet<string> = new Set();
  #queues: { at: number; views: QueueView[] } = { at: 0, views: [] };

  constructor(
    objects: Objects,
    private readonly queues: Queues,
    private readonly clock: Clock,
  ) {
    this.#objects = new UnchangedObjects(objects);
  }

  async look(): Promise<Snapshot> {
    // Active runs before files: a run that ends in between is seen at rest only when its files are, too.
    const active = (await listKeys(this.#objects, ACTIVE)).flatMap((key) => {
      const [, stage, runId] = /([^/]+)\/([^/]+)\.json$/.exec(key) ?? [];
      const known = Stage.safeParse(stage);
      return known.success && runId ? [{ stage: known.data, run_id: runId }] : [];
    });
    const arrivals = (await listKeys(this.#objects, PENDING_PREFIX)).length;
    const replays = (await listKeys(this.#objects, REPLAYS_PREFIX)).length;
    const [waiting, files, dates, reference, queues] = await Promise.all([
      listKeys(this.#objects, WAITING_PREFIX),
      documentsUnder(this.#objects, FILES_PREFIX, FileDocument),
      documentsUnder(this.#objects, DATES_PREFIX, DateDocument),
      documentsUnder(this.#objects, REFERENCE_KEY, ReferenceDocument),
      this.#lookAtQueues(),
    ]);
    const runs = await this.#lookAtRuns(
      files,
      active.map(({ run_id }) => run_id),
    );
    const pending = arrivals + replays;
    return {
      files,
      dates,
      active,
      runs,
      pending,
      replays,
      waiting: waiting.length,
      reference: reference[0] ?? null,
      queues,
    };
  }

  async #lookAtQueues(): Promise<QueueView[]> {
    if (this.clock.now() - this.#queues.at >= QUEUES_KEPT_MS) {
      this.#queues = { at: this.clock.now(), views: await this.queues.look() };
    }
    return this.#queues.views;
  }

  /** Runs in hand, those of files on their way, and once more those of the last look, to see how they ended. */
  async #lookAtRuns(files: readonly FileDocument[], active: readonly string[]): Promise<ReadonlyMap<string, RunView>> {
    const onTheirWay = files.flatMap((file) => {
      const version = latestVersion(file);
      return version?.run_id && (version.state === 'running' || version.state === 'validated') ? [version.run_id] : [];
    });
    const wanted = new Set([...active, ...onTheirWay]);
    const looked = new Set([...wanted, ...this.#inHand]);
    this.#inHand = wanted;
    await Promise.all([...looked].map(async (runId) => this.#runs.set(runId, await this.#lookAtRun(runId))));
    return new Map(this.#runs);
  }

  async #lookAtRun(runId: string): Promise<RunView> {
    const keys = new Set(await listKeys(this.#objects, runKey(runId).replace(/run\.json$/, '')));
    const read = async <T>(key: string, schema: z.ZodType<T>): Promise<T | null> =>
      keys.has(key) ? readDocument(this.#objects, key, schema) : null;
    const stages: RunView['stages'] = {};
    for (const stage of STAGES) {
      const found = await read(stageKey(runId, stage), StageDocument);
      if (found) stages[stage] = found;
    }
    return {
      run_id: runId,
      document: await read(runKey(runId), RunDocument),
      stages,
      kpi: await read(resultKey(runId, 'kpi'), RESULTS.kpi),
      load: await read(resultKey(runId, 'load'), RESULTS.load),
    };
  }
}
