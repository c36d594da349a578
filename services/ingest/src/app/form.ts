import {
  activeKey,
  activePrefix,
  FileDocument,
  fileIdOfMarker,
  fileKey,
  PENDING_PREFIX,
  REFERENCE_KEY,
  REFERENCE_MARKER,
  ReferenceDocument,
  RunDocument,
  type RunFile,
  requestStage,
  runKey,
  StageDocument,
  stageKey,
  versionOfMarker,
  WAITING_PREFIX,
} from '@music-etl/contracts';
import type { DocumentStore, Log, StageDeps, World } from '@music-etl/stage';
import { decideMembership } from '../domain/membership.ts';
import { whileForming } from './forming-lock.ts';

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

/** A marked file that another run has: make sure that run lives. `lost`: it never came to be, or came without the file. */
const settleTaken = async (
  deps: FormDeps,
  fileId: string,
  { runId, version, since }: { readonly runId: string; readonly version: number; readonly since: string },
): Promise<'leave' | 'over' | 'lost'> => {
  const run = await deps.documents.read(runKey(runId), (value) => RunDocument.parse(value));
  if (run === null) {
    const age = deps.world.now().getTime() - Date.parse(since);
    return age > deps.leaseSeconds * 1000 ? 'lost' : 'leave';
  }
  // Written once: a file that it does not list will never be in it.
  if (!run.value.files.some((file) => file.file_id === fileId && file.version === version)) return 'lost';
  const claim = await deps.documents.read(stageKey(runId, 'ingest'), (value) => StageDocument.parse(value));
  if (claim === null) await request(deps, runId);
  return 'over';
};

type Taken = { readonly marker: string; readonly file: RunFile | null; readonly done: boolean };
/** Look again; run `lost` took the file and never came to be. */
type Lost = { readonly lost: string | null };

/** Looks at the file once. */
const tryFile = async (deps: FormDeps, marker: string, runId: string, lost: string | null): Promise<Taken | Lost> => {
  const fileId = fileIdOfMarker(marker);
  const read = await deps.documents.read(fileKey(fileId), (value) => FileDocument.parse(value));
  if (read === null) return { marker, file: null, done: false };
  const decision = decideMembership(read.value, versionOfMarker(marker), runId, deps.world.now(), lost);
  switch (decision.kind) {
    case 'later':
      return { marker, file: null, done: false };
    case 'over':
      return { marker, file: null, done: true };
    case 'mine':
      return { marker, file: decision.file, done: true };
    case 'take': {
      const won = await deps.documents.replace(fileKey(fileId), decision.document, read.etag);
      return won ? { marker, file: decision.file, done: true } : { lost };
    }
    case 'taken': {
      const verdict = await settleTaken(deps, fileId, decision);
      if (verdict === 'lost') return { lost: decision.runId };
      // The run's job may be about to let the file wait: its marker comes before its state, and has to stay.
      const mayWait = versionOfMarker(marker) === null;
      return { marker, file: null, done: verdict === 'over' && !mayWait };
    }
  }
};

/** Tries to take the file a marker stands for. `done`: the marker has served, with or without a file for this run. */
const takeFile = async (deps: FormDeps, marker: string, runId: string): Promise<Taken> => {
  let lost: string | null = null;
  for (;;) {
    const outcome = await tryFile(deps, marker, runId, lost);
    if ('marker' in outcome) return outcome;
    lost = outcome.lost;
  }
};

/** The markers a run may take: all that is pending, and what waits once there is reference data. */
const listMarkers = async (deps: FormDeps): Promise<string[]> => {
  const [pending, waiting] = await Promise.all([
    deps.documents.list(PENDING_PREFIX),
    deps.documents.list(WAITING_PREFIX),
  ]);
  if (waiting.length === 0) return pending;
  const reference = await deps.documents.read(REFERENCE_KEY, (value) => ReferenceDocument.parse(value));
  return reference?.value.reference_version ? [...pending, ...waiting] : pending;
};

/**
 * Makes one run of the markers, if they hold anything. Whatever dies leaves a trace to go on from: until the run is
 * marked active the arrivals' markers, from then on the active marker, which the reconciler finds without a claim.
 */
const formOnce = async (deps: FormDeps, markers: readonly string[]): Promise<string | null> => {
  const runId = newRunId(deps.world);
  const references = markers.filter((marker) => marker.startsWith(REFERENCE_MARKER));
  const taken = await Promise.all(
    markers.filter((marker) => !references.includes(marker)).map((marker) => takeFile(deps, marker, runId)),
  );
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
  if (!worthARun) return null;
  await request(deps, runId);
  deps.log.info('formed a run', { run_id: runId, files: files.length, reference_changed: references.length > 0 });
  return runId;
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
 * Forms runs of everything that has arrived and no run has taken, and asks ingest to start them, for as long as fewer
 * runs are active than may be. One forms at a time; what others put down meanwhile is seen by that one's next look.
 * @returns the ids of the runs it formed.
 */
export const form = async (deps: FormDeps): Promise<string[]> => {
  const formed: string[] = [];
  let seen: readonly string[] = [];
  for (;;) {
    const markers = (await listMarkers(deps)).slice(0, deps.maxFiles);
    if (markers.every((marker) => seen.includes(marker)) || !(await hasRoom(deps))) return formed;
    const ran = await whileForming(deps.documents, deps.world, deps.leaseSeconds, async () => {
      seen = (await listMarkers(deps)).slice(0, deps.maxFiles);
      const runId = (await hasRoom(deps)) ? await formOnce(deps, seen) : null;
      if (runId !== null) formed.push(runId);
    });
    if (!ran) return formed;
  }
};
