import {
  activeKey,
  activePrefix,
  PENDING_PREFIX,
  REFERENCE_KEY,
  REFERENCE_MARKER,
  REPLAYS_PREFIX,
  ReferenceDocument,
  RunDocument,
  requestStage,
  runKey,
  StageDocument,
  stageKey,
  WAITING_PREFIX,
} from '@music-etl/contracts';
import type { DocumentStore, Log, StageDeps, World } from '@music-etl/stage';
import { withBatchLock } from './batch-lock.ts';
import { type TakeDeps, type Taken, takeFile } from './take.ts';

export interface FormDeps {
  readonly documents: DocumentStore;
  readonly send: StageDeps['send'];
  readonly world: World;
  readonly log: Log;
  /** As many ingest runs as may be active before arrivals are left to gather for the next. */
  readonly maxActive: number;
  readonly maxFiles: number;
  /** After how long a run that took files but was never written is held for dead. */
  readonly leaseSeconds: number;
}

/** `20261123T100502123-9f86d081`: sorts by time, unique by chance. */
const newRunId = (world: World): string =>
  `${world
    .now()
    .toISOString()
    .replace(/[-:.Z]/g, '')}-${world.id()}`;

const request = async (deps: FormDeps, runId: string): Promise<void> => {
  await deps.documents.mark(activeKey(runId, 'ingest'), { run_id: runId });
  await deps.send({ kind: 'request', message: requestStage('ingest', runId, deps.world.now()), delay_seconds: 0 });
};

/** The markers a run may take: what arrived, what waits once there is reference data, what is to be reprocessed. */
const listMarkers = async (deps: FormDeps): Promise<string[]> => {
  const [pending = [], waiting = [], replays = []] = await Promise.all(
    [PENDING_PREFIX, WAITING_PREFIX, REPLAYS_PREFIX].map((prefix) => deps.documents.list(prefix)),
  );
  if (waiting.length === 0) return [...pending, ...replays];
  const reference = await deps.documents.read(REFERENCE_KEY, (value) => ReferenceDocument.parse(value));
  return reference?.value.reference_version ? [...pending, ...waiting, ...replays] : [...pending, ...replays];
};

interface Takings {
  readonly taken: readonly Taken[];
  readonly errors: readonly unknown[];
}

/** Takes the files of markers; one that cannot be looked at keeps its marker, and the others go on. */
const takeAll = async (deps: FormDeps, markers: readonly string[], runId: string): Promise<Takings> => {
  const takeDeps: TakeDeps = { ...deps, request: (id) => request(deps, id) };
  const outcomes = await Promise.allSettled(markers.map((marker) => takeFile(takeDeps, marker, runId)));
  return {
    taken: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
    errors: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])),
  };
};

interface Formed {
  readonly runId: string | null;
  readonly errors: readonly unknown[];
}

/**
 * Makes one run of the markers, if they hold anything. Whatever dies leaves a trace to go on from: until the run is
 * marked active the arrivals' markers, from then on the active marker, which the reconciler finds without a claim.
 */
const formOnce = async (deps: FormDeps, markers: readonly string[]): Promise<Formed> => {
  const runId = newRunId(deps.world);
  const references = markers.filter((marker) => marker.startsWith(REFERENCE_MARKER));
  const others = markers.filter((marker) => !references.includes(marker));
  const { taken, errors } = await takeAll(deps, others, runId);
  // Several markers may stand for one file.
  const files = [
    ...new Map(
      taken.flatMap(({ file }) => (file === null ? [] : [[`${file.file_id} ${file.version}`, file]])),
    ).values(),
  ];
  const worthARun = files.length > 0 || references.length > 0;
  if (worthARun) {
    const created_at = deps.world.now().toISOString();
    const run = { schema_version: 1, run_id: runId, created_at, files, reference_changed: references.length > 0 };
    await deps.documents.create(runKey(runId), RunDocument.parse(run));
    await deps.documents.mark(activeKey(runId, 'ingest'), { run_id: runId });
  }
  const served = [...references, ...taken.flatMap(({ marker, done }) => (done ? [marker] : []))];
  await Promise.all(served.map((marker) => deps.documents.remove(marker)));
  if (!worthARun) return { runId: null, errors };
  await request(deps, runId);
  deps.log.info('formed a run', {
    correlation_id: runId,
    files: files.length,
    reference_changed: references.length > 0,
  });
  return { runId, errors };
};

const isDead = async (deps: FormDeps, runId: string): Promise<boolean> => {
  const stage = await deps.documents.read(stageKey(runId, 'ingest'), (value) => StageDocument.parse(value));
  return stage?.value.state === 'dead';
};

/** Dead runs stay in hand until a person redrives them; they take no place from the others. */
const hasRoom = async (deps: FormDeps): Promise<boolean> => {
  const prefix = activePrefix('ingest');
  const runs = (await deps.documents.list(prefix)).map((key) => key.slice(prefix.length, -'.json'.length));
  if (runs.length < deps.maxActive) return true;
  const dead = await Promise.all(runs.map((runId) => isDead(deps, runId)));
  return dead.filter((is) => !is).length < deps.maxActive;
};

/**
 * Forms runs of everything that has arrived (or is to be reprocessed) and no run has taken, and asks ingest to start
 * them, for as long as fewer runs are active than may be. One forms at a time; what others put down meanwhile is seen
 * by that one's next look. Every marker is looked at once: those that have to stay keep none from its turn.
 * @returns the ids of the runs it formed.
 * @throws AggregateError of the markers whose files it could not look at, after all were tried.
 */
export const form = async (deps: FormDeps): Promise<string[]> => {
  const formed: string[] = [];
  const errors: unknown[] = [];
  const seen = new Set<string>();
  const unseen = async (): Promise<string[]> =>
    (await listMarkers(deps)).filter((marker) => !seen.has(marker)).slice(0, deps.maxFiles);
  const look = async (): Promise<void> => {
    const markers = await unseen();
    if (!(await hasRoom(deps))) return;
    for (const marker of markers) seen.add(marker);
    const once = await formOnce(deps, markers);
    if (once.runId !== null) formed.push(once.runId);
    errors.push(...once.errors);
  };
  while ((await unseen()).length > 0 && (await hasRoom(deps))) {
    if (!(await withBatchLock(deps.documents, deps.world, deps.leaseSeconds, look))) break;
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} files could not be looked at`);
  return formed;
};
