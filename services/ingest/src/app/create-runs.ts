import {
  activeKey,
  PENDING_PREFIX,
  REFERENCE_KEY,
  REFERENCE_MARKER,
  REPLAYS_PREFIX,
  ReferenceDocument,
  RunDocument,
  type RunFile,
  requestStage,
  runKey,
  StageDocument,
  stageKey,
  WAITING_PREFIX,
} from '@music-etl/contracts';
import { activeRuns, type DocumentStore, type Log, newRunId, type StageDeps, type World } from '@music-etl/stage';
import { withBatchLock } from './batch-lock.ts';
import { type ClaimDeps, claimFile, type MarkerOutcome } from './claim-file.ts';

export interface CreateRunsDeps {
  readonly documents: DocumentStore;
  readonly send: StageDeps['send'];
  readonly world: World;
  readonly log: Log;
  /** While so many ingest runs are active, arrivals gather for the next run. */
  readonly maxActive: number;
  readonly maxFiles: number;
  /** After how long a run that claimed files but was not created counts as lost. */
  readonly leaseSeconds: number;
}

const request = async (deps: CreateRunsDeps, runId: string): Promise<void> => {
  await deps.documents.mark(activeKey(runId, 'ingest'), { run_id: runId });
  await deps.send({ kind: 'request', message: requestStage('ingest', runId, deps.world.now()), delay_seconds: 0 });
};

/** Lists the markers of arrivals, of replays and, once there is reference data, of waiting files. */
const listMarkers = async (deps: CreateRunsDeps): Promise<string[]> => {
  const [pending = [], waiting = [], replays = []] = await Promise.all(
    [PENDING_PREFIX, WAITING_PREFIX, REPLAYS_PREFIX].map((prefix) => deps.documents.list(prefix)),
  );
  if (waiting.length === 0) return [...pending, ...replays];
  const reference = await deps.documents.read(REFERENCE_KEY, (value) => ReferenceDocument.parse(value));
  return reference?.value.reference_version ? [...pending, ...waiting, ...replays] : [...pending, ...replays];
};

interface Claims {
  readonly outcomes: readonly MarkerOutcome[];
  readonly errors: readonly unknown[];
}

/** Claims the files of markers. A file that fails keeps its marker, and the others go on. */
const claimAll = async (deps: CreateRunsDeps, markers: readonly string[], runId: string): Promise<Claims> => {
  const claimDeps: ClaimDeps = { ...deps, request: (id) => request(deps, id) };
  const results = await Promise.allSettled(markers.map((marker) => claimFile(claimDeps, marker, runId)));
  return {
    outcomes: results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])),
    errors: results.flatMap((each) => (each.status === 'rejected' ? [each.reason] : [])),
  };
};

/** Returns the claimed files, each once: several markers may name the same version. */
const filesOf = (outcomes: readonly MarkerOutcome[]): RunFile[] => {
  const claimed = outcomes.flatMap(({ file }) => (file === null ? [] : [file]));
  return [...new Map(claimed.map((file) => [`${file.file_id} ${file.version}`, file])).values()];
};

interface Created {
  readonly runId: string | null;
  readonly errors: readonly unknown[];
}

/**
 * Creates one run of the markers, if they name any file. A crash loses nothing: until the run is marked active, the
 * markers of its files remain. From then on the reconciler finds it as an active run without a claim.
 */
const createRun = async (deps: CreateRunsDeps, markers: readonly string[]): Promise<Created> => {
  const runId = newRunId(deps.world.now(), deps.world.id());
  const references = markers.filter((marker) => marker.startsWith(REFERENCE_MARKER));
  const others = markers.filter((marker) => !references.includes(marker));
  const { outcomes, errors } = await claimAll(deps, others, runId);
  const files = filesOf(outcomes);
  const isNeeded = files.length > 0 || references.length > 0;
  if (isNeeded) {
    const created_at = deps.world.now().toISOString();
    const run = { schema_version: 1, run_id: runId, created_at, files, reference_changed: references.length > 0 };
    await deps.documents.create(runKey(runId), RunDocument.parse(run));
    await deps.documents.mark(activeKey(runId, 'ingest'), { run_id: runId });
  }
  const done = [...references, ...outcomes.flatMap((outcome) => (outcome.done ? [outcome.marker] : []))];
  await Promise.all(done.map((marker) => deps.documents.remove(marker)));
  if (!isNeeded) return { runId: null, errors };
  await request(deps, runId);
  deps.log.info('created a run', {
    correlation_id: runId,
    files: files.length,
    reference_changed: references.length > 0,
  });
  return { runId, errors };
};

const isDead = async (deps: CreateRunsDeps, runId: string): Promise<boolean> => {
  const stage = await deps.documents.read(stageKey(runId, 'ingest'), (value) => StageDocument.parse(value));
  return stage?.value.state === 'dead';
};

/** Returns whether another run may be active. Dead runs do not count: they stay active until a person redrives them. */
const hasCapacity = async (deps: CreateRunsDeps): Promise<boolean> => {
  const runs = await activeRuns(deps.documents, 'ingest');
  if (runs.length < deps.maxActive) return true;
  const dead = await Promise.all(runs.map((runId) => isDead(deps, runId)));
  return dead.filter((is) => !is).length < deps.maxActive;
};

/**
 * Creates runs of everything that has arrived or is to be reprocessed, and requests ingest for them, while there is
 * capacity. One function does so at a time; it also sees markers that others write meanwhile. Each marker is tried
 * once, so that markers that remain do not keep others waiting.
 * @returns the ids of the runs that it created.
 * @throws AggregateError with the errors of the files that it could not claim, after all were tried.
 */
export const createRuns = async (deps: CreateRunsDeps): Promise<string[]> => {
  const created: string[] = [];
  const errors: unknown[] = [];
  const tried = new Set<string>();
  const untried = async (): Promise<string[]> =>
    (await listMarkers(deps)).filter((marker) => !tried.has(marker)).slice(0, deps.maxFiles);
  const createNext = async (): Promise<void> => {
    const markers = await untried();
    if (!(await hasCapacity(deps))) return;
    for (const marker of markers) tried.add(marker);
    const next = await createRun(deps, markers);
    if (next.runId !== null) created.push(next.runId);
    errors.push(...next.errors);
  };
  while ((await untried()).length > 0 && (await hasCapacity(deps))) {
    if (!(await withBatchLock(deps.documents, deps.world, deps.leaseSeconds, createNext))) break;
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} files could not be claimed`);
  return created;
};
