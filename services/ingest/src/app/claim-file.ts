import {
  FileDocument,
  fileIdOfMarker,
  fileKey,
  REPLAYS_PREFIX,
  ReplayMarker,
  RunDocument,
  type RunFile,
  runKey,
  StageDocument,
  stageKey,
  versionOfMarker,
} from '@music-etl/contracts';
import type { DocumentStore, Log, World } from '@music-etl/stage';
import { decideMembership } from '../domain/membership.ts';
import { decideReplay, type ReplayDecision } from '../domain/replay.ts';

export interface ClaimDeps {
  readonly documents: DocumentStore;
  readonly world: World;
  readonly log: Log;
  /** After how long a run that claimed files but was not created counts as lost. */
  readonly leaseSeconds: number;
  /** Requests ingest for a run. */
  readonly request: (runId: string) => Promise<void>;
}

/** The outcome of a marker. `done`: the marker can be removed, with or without a file for this run. */
export type MarkerOutcome = { readonly marker: string; readonly file: RunFile | null; readonly done: boolean };
/** Decide again; run `lost` claimed the file and was never created. */
type Retry = { readonly lost: string | null };

interface MarkedFile {
  readonly marker: string;
  readonly fileId: string;
  readonly decide: (document: FileDocument, lost: string | null) => ReplayDecision;
  /** Keep the marker: the run's job may let the file wait, and it writes the marker before the state. */
  readonly mayWait: boolean;
}

type Claimed = { readonly runId: string; readonly version: number; readonly since: string };

/**
 * Checks the other run that has claimed a file, and requests it if nobody has. `lost`: that run was never created, or
 * was created without the file.
 */
const checkClaim = async (
  deps: ClaimDeps,
  fileId: string,
  { runId, version, since }: Claimed,
): Promise<'leave' | 'done' | 'lost'> => {
  const run = await deps.documents.read(runKey(runId), (value) => RunDocument.parse(value));
  if (run === null) {
    const age = deps.world.now().getTime() - Date.parse(since);
    return age > deps.leaseSeconds * 1000 ? 'lost' : 'leave';
  }
  // A run is written once: it never gains a file later.
  if (!run.value.files.some((file) => file.file_id === fileId && file.version === version)) return 'lost';
  const claim = await deps.documents.read(stageKey(runId, 'ingest'), (value) => StageDocument.parse(value));
  if (claim === null) await deps.request(runId);
  return 'done';
};

/** Decides once on the file's document, and writes the decision. */
const tryClaim = async (deps: ClaimDeps, marked: MarkedFile, lost: string | null): Promise<MarkerOutcome | Retry> => {
  const { marker, fileId } = marked;
  const read = await deps.documents.read(fileKey(fileId), (value) => FileDocument.parse(value));
  if (read === null) return { marker, file: null, done: false };
  const decision = marked.decide(read.value, lost);
  switch (decision.kind) {
    case 'later':
      return { marker, file: null, done: false };
    case 'done':
      return { marker, file: null, done: true };
    case 'void':
      deps.log.warn('a version is not reprocessed', { key: read.value.key, marker, why: decision.why });
      return { marker, file: null, done: true };
    case 'member':
      return { marker, file: decision.file, done: true };
    case 'claim': {
      const won = await deps.documents.replace(fileKey(fileId), decision.document, read.etag);
      return won ? { marker, file: decision.file, done: true } : { lost };
    }
    case 'claimed': {
      const verdict = await checkClaim(deps, fileId, decision);
      if (verdict === 'lost') return { lost: decision.runId };
      return { marker, file: null, done: verdict === 'done' && !marked.mayWait };
    }
  }
};

/** Reads what a marker names; null if the marker was removed meanwhile. */
const readMarker = async (deps: ClaimDeps, marker: string, runId: string): Promise<MarkedFile | null> => {
  const now = deps.world.now();
  if (!marker.startsWith(REPLAYS_PREFIX)) {
    const version = versionOfMarker(marker);
    return {
      marker,
      fileId: fileIdOfMarker(marker),
      decide: (document, lost) => decideMembership(document, version, runId, now, lost),
      mayWait: version === null,
    };
  }
  const read = await deps.documents.read(marker, (value) => ReplayMarker.parse(value));
  if (read === null) return null;
  const { file_id: fileId, replay } = read.value;
  return {
    marker,
    fileId,
    decide: (document, lost) => decideReplay(document, replay, runId, now, lost),
    mayWait: false,
  };
};

/** Tries to claim the file of a marker for a run. */
export const claimFile = async (deps: ClaimDeps, marker: string, runId: string): Promise<MarkerOutcome> => {
  const marked = await readMarker(deps, marker, runId);
  if (marked === null) return { marker, file: null, done: false };
  let lost: string | null = null;
  for (;;) {
    const outcome = await tryClaim(deps, marked, lost);
    if ('marker' in outcome) return outcome;
    lost = outcome.lost;
  }
};
