import {
  byContent,
  counts,
  type FileDocument,
  type FileRequested,
  type FileVersion,
  latestUsableVersion,
  REJECTED_MANUALLY,
  type ReplayMarker,
  requestCause,
  versionsOfContent,
  wasRejectedManually,
} from '@music-etl/contracts';
import { replayBy } from './replay.ts';

export type RequestDecision =
  /** A marker requests that the version is reprocessed. */
  | { readonly kind: 'replay'; readonly marker: ReplayMarker }
  /** The document in which the version on hold is rejected. */
  | { readonly kind: 'reject'; readonly document: FileDocument }
  /** The request was carried out before. */
  | { readonly kind: 'done' }
  /** The request can never be carried out. `why` names the file, the version and what to do instead. */
  | { readonly kind: 'impossible'; readonly why: string };

const impossible = ({ action, key, version }: FileRequested, why: string, todo: string): RequestDecision => ({
  kind: 'impossible',
  why: `${action} of ${key} version ${version}: ${why}; ${todo}`,
});

const LOOK = 'see its versions with music-etl status and name the newest';

const markerOf = (request: FileRequested, document: FileDocument, of: FileVersion): RequestDecision => {
  const { action, why, requested_by, requested_at, patches_key } = request;
  const accept = action === 'release' || counts(of);
  const replay = {
    of: of.version,
    cause: requestCause(request.request_id),
    why,
    requested_by,
    requested_at,
    accept,
    patches_key,
  };
  return { kind: 'replay', marker: { schema_version: 1, file_id: document.file_id, key: document.key, replay } };
};

/** Rejects every version of the content that is on hold: the version that a replay on hold reprocessed is, too. */
const reject = (request: FileRequested, document: FileDocument, held: FileVersion): RequestDecision => {
  const reason = { code: REJECTED_MANUALLY, detail: `${request.why} (${request.requested_by})` };
  const ofContent = versionsOfContent(document, held);
  const versions = document.versions.map(
    (each): FileVersion =>
      ofContent.includes(each) && each.state === 'held' ? { ...each, state: 'rejected', reason } : each,
  );
  return { kind: 'reject', document: { ...document, versions } };
};

const decideOn = (request: FileRequested, document: FileDocument, version: FileVersion): RequestDecision => {
  if (request.action === 'replay') {
    return version.state === 'rejected' || version.state === 'superseded'
      ? impossible(request, `it is ${version.state}`, 'correct the file and put it again')
      : markerOf(request, document, version);
  }
  if (version.state !== 'held') {
    const done = request.action === 'release' ? 'released' : 'rejected';
    return impossible(request, `it is ${version.state}, not on hold`, `only a version on hold can be ${done}`);
  }
  return request.action === 'release' ? markerOf(request, document, version) : reject(request, document, version);
};

const wasDone = (request: FileRequested, document: FileDocument, version: FileVersion): boolean =>
  request.action === 'reject'
    ? wasRejectedManually(version)
    : replayBy(document, version, requestCause(request.request_id)) !== undefined;

/** Decides what a person's request changes in a file. Safe to repeat. */
export const decideRequest = (document: FileDocument | null, request: FileRequested): RequestDecision => {
  if (document === null) return impossible(request, 'there is no such file', 'check the key with music-etl status');
  const version = document.versions.find((each) => each.version === request.version);
  if (version === undefined) return impossible(request, 'there is no such version', LOOK);
  if (wasDone(request, document, version)) return { kind: 'done' };
  const latest = latestUsableVersion(document);
  if (latest !== null && byContent(latest, version) > 0) {
    return impossible(request, `version ${latest.version} (${latest.state}) came after it`, LOOK);
  }
  return decideOn(request, document, version);
};
