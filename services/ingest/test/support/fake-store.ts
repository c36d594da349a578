import {
  activeKey,
  FILES_PREFIX,
  FileDocument,
  type FileVersion,
  fileId,
  fileKey,
  type Replay,
  RunDocument,
  replayKey,
  runKey,
  stageKey,
} from '@music-etl/contracts';
import { activeRuns, type DocumentStore } from '@music-etl/stage';
import { memoryDocuments } from '@music-etl/stage/memory-documents';
import { aClosedStage, NOW } from '@music-etl/testing';
import { faultGate, type Gate, type Plan } from '@music-etl/testing/faults';
import { gatedDocuments } from '@music-etl/testing/gated-documents';
import { quietLog } from '@music-etl/testing/quiet-log';
import { type CreateRunsDeps, createRuns } from '../../src/app/create-runs.ts';
import { register } from '../../src/app/register.ts';
import type { Arrived } from '../../src/domain/notification.ts';
import { FakeRawStore } from './fake-raw-store.ts';

const LEASE = 60;

/** Runs before every call, so that other work can come in between. */
export type Turn = () => Promise<void>;

const takingTurns = (store: DocumentStore, gate: Gate, turn: Turn): DocumentStore =>
  gatedDocuments(store, async (kind, call) => {
    await turn();
    return gate(kind, call);
  });

/** Ingest's documents and raw objects in memory, its functions, and runs that end when a test says so. */
export class FakeStore {
  readonly documents = memoryDocuments();
  readonly objects = new FakeRawStore();
  /** The runs that were active when runs ended. */
  readonly endedRuns = new Set<string>();
  seconds = 0;
  #ids = 0;

  readonly #now = (): Date => new Date(NOW.getTime() + this.seconds * 1000);

  pass(seconds = LEASE + 1): void {
    this.seconds += seconds;
  }

  #deps(plan: Plan | null, turn: Turn): CreateRunsDeps {
    const { gate } = faultGate(plan);
    const nextId = (): string => {
      this.#ids += 1;
      return this.#ids.toString(16).padStart(8, '0');
    };
    return {
      documents: takingTurns(this.documents, gate, turn),
      send: () => gate('writes', async () => {}),
      world: { now: this.#now, id: nextId, random: () => 0.5 },
      log: quietLog,
      maxActive: 2,
      maxFiles: 3,
      leaseSeconds: LEASE,
    };
  }

  createRuns(plan: Plan | null = null, turn: Turn = async () => {}): Promise<string[]> {
    return createRuns(this.#deps(plan, turn));
  }

  register(arrived: Arrived, plan: Plan | null = null, turn: Turn = async () => {}): Promise<void> {
    const { documents, log } = this.#deps(plan, turn);
    return register({ documents, log, now: this.#now, objects: this.objects }, arrived);
  }

  /** Marks a version of a file to be reprocessed. */
  async requestReplay(key: string, replay: Replay): Promise<void> {
    const marker = { schema_version: 1, file_id: fileId(key), key, replay };
    await this.documents.mark(replayKey(fileId(key), replay.of, replay.cause), marker);
  }

  /** Ends every active run in ingest; the reconciler has requested those that nobody claimed. */
  async endRuns(): Promise<void> {
    for (const run_id of await activeRuns(this.documents, 'ingest')) {
      this.endedRuns.add(run_id);
      await this.documents.mark(stageKey(run_id, 'ingest'), aClosedStage({ run_id, stage: 'ingest' }));
      await this.documents.remove(activeKey(run_id, 'ingest'));
    }
  }

  /** Ends every active run, and archives its files. */
  async archiveRuns(): Promise<void> {
    await this.endRuns();
    for (const key of await this.documents.list(FILES_PREFIX)) await this.#archive(key);
  }

  async #archive(key: string): Promise<void> {
    const read = await this.documents.read(key, (value) => FileDocument.parse(value));
    if (read === null) return;
    const isDone = ({ state, run_id }: FileVersion): boolean => state === 'running' && this.endedRuns.has(run_id ?? '');
    const versions = read.value.versions.map(
      (each): FileVersion => (isDone(each) ? { ...each, state: 'archived' } : each),
    );
    if (!(await this.documents.replace(key, { ...read.value, versions }, read.etag))) await this.#archive(key);
  }

  async fileOf(key: string): Promise<FileDocument | null> {
    return (await this.documents.read(fileKey(fileId(key)), (value) => FileDocument.parse(value)))?.value ?? null;
  }

  async newestOf(key: string): Promise<FileVersion | null> {
    return (await this.fileOf(key))?.versions.at(-1) ?? null;
  }

  async run(runId: string): Promise<RunDocument | null> {
    return (await this.documents.read(runKey(runId), (value) => RunDocument.parse(value)))?.value ?? null;
  }
}
