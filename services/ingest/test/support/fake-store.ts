import {
  activePrefix,
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
import type { DocumentStore } from '@music-etl/stage';
import { memoryDocuments } from '@music-etl/stage/memory-documents';
import { breaking, type Plan, type Through } from '@music-etl/stage/test/model/faults';
import { type FormDeps, form } from '../../src/app/form.ts';
import { register } from '../../src/app/register.ts';
import type { Arrived } from '../../src/domain/notification.ts';
import { FakeRawStore } from './fake-raw-store.ts';
import { NOW, quiet } from './records.ts';

const ACTIVE = activePrefix('ingest');
const LEASE = 60;

/** Lets others go first before every call. */
export type Turn = () => Promise<void>;

const through = (store: DocumentStore, gate: Through, turn: Turn): DocumentStore => {
  const taking: Through = async (kind, call) => {
    await turn();
    return gate(kind, call);
  };
  return {
    read: (key, parse) => taking('asks', () => store.read(key, parse)),
    create: (key, value) => taking('changes', () => store.create(key, value)),
    replace: (key, value, etag) => taking('changes', () => store.replace(key, value, etag)),
    mark: (key, value) => taking('changes', () => store.mark(key, value)),
    list: (prefix) => taking('asks', () => store.list(prefix)),
    remove: (key) => taking('changes', () => store.remove(key)),
  };
};

/** Ingest's documents, its functions' movements, and runs that come to an end. */
export class FakeStore {
  readonly documents = memoryDocuments();
  readonly objects = new FakeRawStore();
  readonly lived = new Set<string>();
  seconds = 0;
  #ids = 0;

  readonly #now = (): Date => new Date(NOW.getTime() + this.seconds * 1000);

  pass(seconds = LEASE + 1): void {
    this.seconds += seconds;
  }

  #deps(plan: Plan | null, turn: Turn): FormDeps {
    const gate = breaking(plan).through;
    const nextId = (): string => {
      this.#ids += 1;
      return this.#ids.toString(16).padStart(8, '0');
    };
    return {
      documents: through(this.documents, gate, turn),
      send: () => gate('changes', async () => {}),
      world: { now: this.#now, id: nextId, random: () => 0.5 },
      log: quiet,
      maxActive: 2,
      maxFiles: 3,
      leaseSeconds: LEASE,
    };
  }

  form(plan: Plan | null = null, turn: Turn = async () => {}): Promise<string[]> {
    return form(this.#deps(plan, turn));
  }

  register(arrived: Arrived, plan: Plan | null = null, turn: Turn = async () => {}): Promise<void> {
    const { documents, log } = this.#deps(plan, turn);
    return register({ documents, log, now: this.#now, objects: this.objects }, arrived);
  }

  /** Marks a version of a file to be reprocessed. */
  async ask(key: string, replay: Replay): Promise<void> {
    const marker = { schema_version: 1, file_id: fileId(key), key, replay };
    await this.documents.mark(replayKey(fileId(key), replay.of, replay.cause), marker);
  }

  /** Every run that is marked active has its ingest, which the reconciler sees to, and ends. */
  async finishRuns(): Promise<void> {
    for (const key of await this.documents.list(ACTIVE)) {
      const runId = key.slice(ACTIVE.length, -'.json'.length);
      this.lived.add(runId);
      await this.documents.mark(stageKey(runId, 'ingest'), closedStage(runId));
      await this.documents.remove(key);
    }
  }

  /** The same, and every file of theirs is validated and archived. */
  async validateRuns(): Promise<void> {
    await this.finishRuns();
    for (const key of await this.documents.list(FILES_PREFIX)) await this.#validate(key);
  }

  async #validate(key: string): Promise<void> {
    const read = await this.documents.read(key, (value) => FileDocument.parse(value));
    if (read === null) return;
    const isDone = ({ state, run_id }: FileVersion): boolean => state === 'running' && this.lived.has(run_id ?? '');
    const versions = read.value.versions.map(
      (each): FileVersion => (isDone(each) ? { ...each, state: 'archived' } : each),
    );
    if (!(await this.documents.replace(key, { ...read.value, versions }, read.etag))) await this.#validate(key);
  }

  async newestOf(key: string) {
    const file = await this.documents.read(fileKey(fileId(key)), (value) => FileDocument.parse(value));
    return file?.value.versions.at(-1) ?? null;
  }

  async run(runId: string): Promise<RunDocument | null> {
    return (await this.documents.read(runKey(runId), (value) => RunDocument.parse(value)))?.value ?? null;
  }
}

const closedStage = (run_id: string) => ({
  schema_version: 1,
  run_id,
  stage: 'ingest',
  state: 'closed',
  attempt: 1,
  failures: 0,
  message: { type: 'ingest.requested', schema_version: 1, run_id, requested_at: NOW.toISOString() },
  claimed_by: 'start-1',
  claimed_at: NOW.toISOString(),
  lease_expires_at: NOW.toISOString(),
  deferrals: 0,
  deferred_since: null,
  job_run_id: 'jr_1',
  started_at: NOW.toISOString(),
  ended_at: NOW.toISOString(),
  job_state: 'SUCCEEDED',
  error: null,
  outbox: [],
  sent: true,
});
