import {
  byContent,
  counts,
  type FileDocument,
  type FileRequested,
  type FileVersion,
  latestUsableVersion,
  REJECTED_MANUALLY,
  type ReplayMarker,
  versionsOfContent,
  wasRejectedManually,
} from '@music-etl/contracts';
import { replayBy } from './replay.ts';

export type RequestDecision =
  /** The version is to be reprocessed, as the marker says. */
  | { readonly kind: 'replay'; readonly marker: ReplayMarker }
  /** The held version is not to stand. */
  | { readonly kind: 'reject'; readonly document: FileDocument }
  /** It was done before: the message came again. */
  | { readonly kind: 'done' }
  /** It can never be done. `why` names the file, its version and what to do instead. */
  | { readonly kind: 'impossible'; readonly why: string };

const impossible = ({ action, key, version }: FileRequested, why: string, todo: string): RequestDecision => ({
  kind: 'impossible',
  why: `${action} of ${key} version ${version}: ${why}; ${todo}`,
});

const LOOK = 'see its versions with music-etl status and ask for the newest';

const causeOf = ({ request_id }: FileRequested): string => `request:${request_id}`;

const markerOf = (request: FileRequested, document: FileDocument, of: FileVersion): RequestDecision => {
  const { action, why, requested_by, requested_at, patches_key } = request;
  const accept = action === 'release' || counts(of);
  const replay = { of: of.version, cause: causeOf(request), why, requested_by, requested_at, accept, patches_key };
  return { kind: 'replay', marker: { schema_version: 1, file_id: document.file_id, key: document.key, replay } };
};

/** Every validation of the content that is held: of a replay that was held again, what it reprocessed is held too. */
const reject = (request: FileRequested, document: FileDocument, held: FileVersion): RequestDecision => {
  const reason = { code: REJECTED_MANUALLY, detail: `${request.why} (${request.requested_by})` };
  const validated = versionsOfContent(document, held);
  const versions = document.versions.map(
    (each): FileVersion =>
      validated.includes(each) && each.state === 'held' ? { ...each, state: 'rejected', reason } : each,
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
    return impossible(request, `it is ${version.state}, not held`, `only a held version can be ${request.action}d`);
  }
  return request.action === 'release' ? markerOf(request, document, version) : reject(request, document, version);
};

const wasDone = (request: FileRequested, document: FileDocument, version: FileVersion): boolean =>
  request.action === 'reject'
    ? wasRejectedManually(version)
    : replayBy(document, version, causeOf(request)) !== undefined;

/** What a person's word means for a file. Pure; safe to repeat. */
export const decideRequest = (document: FileDocument | null, request: FileRequested): RequestDecision => {
  if (document === null) return impossible(request, 'there is no such file', 'check the key with music-etl status');
  const version = document.versions.find((each) => each.version === request.version);
  if (version === undefined) return impossible(request, 'there is no such version', LOOK);
  if (wasDone(request, document, version)) return { kind: 'done' };
  const latest = latestUsableVersion(document);
  if (latest !== null && byContent(latest, version) > 0) {
    return impossible(request, `version ${latest.version} (${latest.state}) has come after it`, LOOK);
  }
  return decideOn(request, document, version);
};
