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

export interface TakeDeps {
  readonly documents: DocumentStore;
  readonly world: World;
  readonly log: Log;
  /** After how long a run that took files but was never written is held for dead. */
  readonly leaseSeconds: number;
  /** Asks ingest to start a run. */
  readonly request: (runId: string) => Promise<void>;
}

/** What a marker has come to. `done`: it has served, with or without a file for this run. */
export type Taken = { readonly marker: string; readonly file: RunFile | null; readonly done: boolean };
/** Look again; run `lost` took the file and never came to be. */
type Lost = { readonly lost: string | null };

/** What a marker asks of its file. */
interface Asked {
  readonly marker: string;
  readonly fileId: string;
  readonly decide: (document: FileDocument, lost: string | null) => ReplayDecision;
  /** The run's job may be about to let the file wait: its marker comes before its state, and has to stay. */
  readonly mayWait: boolean;
}

/** A marked file that another run has: make sure that run lives. `lost`: it never came to be, or came without the file. */
const settleTaken = async (
  deps: TakeDeps,
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
  if (claim === null) await deps.request(runId);
  return 'over';
};

/** Looks at the file once. */
const tryFile = async (deps: TakeDeps, asked: Asked, lost: string | null): Promise<Taken | Lost> => {
  const { marker, fileId } = asked;
  const read = await deps.documents.read(fileKey(fileId), (value) => FileDocument.parse(value));
  if (read === null) return { marker, file: null, done: false };
  const decision = asked.decide(read.value, lost);
  switch (decision.kind) {
    case 'later':
      return { marker, file: null, done: false };
    case 'over':
      return { marker, file: null, done: true };
    case 'overtaken':
      deps.log.warn('a version is not reprocessed', { key: read.value.key, marker, why: decision.why });
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
      return { marker, file: null, done: verdict === 'over' && !asked.mayWait };
    }
  }
};

/** What a marker asks for; null where it was taken down meanwhile. */
const readMarker = async (deps: TakeDeps, marker: string, runId: string): Promise<Asked | null> => {
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

/** Tries to take the file that a marker stands for into a run. */
export const takeFile = async (deps: TakeDeps, marker: string, runId: string): Promise<Taken> => {
  const asked = await readMarker(deps, marker, runId);
  if (asked === null) return { marker, file: null, done: false };
  let lost: string | null = null;
  for (;;) {
    const outcome = await tryFile(deps, asked, lost);
    if ('marker' in outcome) return outcome;
    lost = outcome.lost;
  }
};
