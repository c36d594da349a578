import {
  activePrefix,
  DATES_PREFIX,
  DateDocument,
  FILES_PREFIX,
  FileDocument,
  PENDING_PREFIX,
  REFERENCE_KEY,
  REPLAYS_PREFIX,
  ReferenceDocument,
  Stage,
  WAITING_PREFIX,
} from '@music-etl/contracts';
import { type DocumentSource, documentsUnder, listKeys, readDocument } from '../documents.ts';
import type { Clock, Objects, Queues } from '../ports.ts';
import { RunViews } from './run-views.ts';
import type { QueueView, Snapshot } from './snapshot.ts';
import { UnchangedObjects } from './unchanged-objects.ts';

const QUEUES_KEPT_MS = 3000;
const ACTIVE = activePrefix('ingest').replace(/ingest\/$/, '');

const readActive = async (source: DocumentSource): Promise<Snapshot['active']> =>
  (await listKeys(source, ACTIVE)).flatMap((key) => {
    const [, stage, runId] = /([^/]+)\/([^/]+)\.json$/.exec(key) ?? [];
    const known = Stage.safeParse(stage);
    return known.success && runId ? [{ stage: known.data, run_id: runId }] : [];
  });

/** Takes snapshots of the pipeline; reads only what changed since the last one. */
export class Observer {
  readonly #source: DocumentSource;
  readonly #runs: RunViews;
  #queues: { at: number; views: QueueView[] } = { at: 0, views: [] };

  constructor(
    objects: Objects,
    private readonly queues: Queues,
    private readonly clock: Clock,
  ) {
    this.#source = new UnchangedObjects(objects);
    this.#runs = new RunViews(this.#source);
  }

  /** Active runs come before files: a run that ends in between is not seen ended before its files are. */
  async look(): Promise<Snapshot> {
    const source = this.#source;
    const active = await readActive(source);
    const arrivals = (await listKeys(source, PENDING_PREFIX)).length;
    const replays = (await listKeys(source, REPLAYS_PREFIX)).length;
    const [waiting, files, dates, reference, queues] = await Promise.all([
      listKeys(source, WAITING_PREFIX),
      documentsUnder(source, FILES_PREFIX, FileDocument),
      documentsUnder(source, DATES_PREFIX, DateDocument),
      this.#readReference(),
      this.#readQueues(),
    ]);
    const activeIds = active.map(({ run_id }) => run_id);
    const runs = await this.#runs.look(activeIds, files);
    return {
      ...{ files, dates, active, runs, replays, reference, queues },
      pending: arrivals + replays,
      waiting: waiting.length,
    };
  }

  /** The listing shows whether it changed. */
  async #readReference(): Promise<ReferenceDocument | null> {
    const [key] = await listKeys(this.#source, REFERENCE_KEY);
    return key === undefined ? null : readDocument(this.#source, key, ReferenceDocument);
  }

  async #readQueues(): Promise<QueueView[]> {
    if (this.clock.now() - this.#queues.at >= QUEUES_KEPT_MS) {
      this.#queues = { at: this.clock.now(), views: await this.queues.look() };
    }
    return this.#queues.views;
  }
}
