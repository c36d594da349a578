import {
  type FileRequested,
  type FileVersion,
  fileId,
  isTerminal,
  requestCause,
  type StageDocument,
} from '@music-etl/contracts';
import type { Patience } from '../shared/pipeline/outcome.ts';
import { deadStages, isQuiet, type Snapshot } from '../shared/pipeline/snapshot.ts';

/** A request that was sent, and the requested version as it was then. */
export interface SentRequest {
  request: FileRequested;
  before: FileVersion;
}

/** The outcome of a request. `no_effect`: ingest changed nothing, for the reason in `why` if it gave one. */
export type RequestOutcome =
  | { kind: 'open' }
  | { kind: 'done'; version: FileVersion }
  | { kind: 'dead'; stage: StageDocument }
  | { kind: 'no_effect'; why: string | null };

/** What is known of the pipeline at one moment. */
export interface Observation {
  snapshot: Snapshot;
  /** Errors of requests that ingest sent to its DLQ, by request id. */
  errors: ReadonlyMap<string, string>;
  /** The time since the pipeline last changed. */
  stillForMs: number;
}

/** Finds the version that a request led to: its replay, or the held version that is rejected now. */
const resultingVersion = (snapshot: Snapshot, { request }: SentRequest): FileVersion | undefined => {
  const versions = snapshot.files.find(({ file_id }) => file_id === fileId(request.key))?.versions ?? [];
  return request.action === 'reject'
    ? versions.find(({ version, state }) => version === request.version && state === 'rejected')
    : versions.find(({ replay }) => replay?.cause === requestCause(request.request_id));
};

/** Returns true if a request has led to a version, in whatever state. */
export const hasResult = (snapshot: Snapshot, sent: SentRequest): boolean =>
  resultingVersion(snapshot, sent) !== undefined;

const outcomeWithoutResult = (
  { snapshot, errors, stillForMs }: Observation,
  { request }: SentRequest,
  { quietMs }: Patience,
): RequestOutcome => {
  const why = errors.get(request.request_id);
  if (why !== undefined) return { kind: 'no_effect', why };
  return isQuiet(snapshot) && stillForMs >= quietMs ? { kind: 'no_effect', why: null } : { kind: 'open' };
};

const outcomeOf = (observation: Observation, sent: SentRequest, patience: Patience): RequestOutcome => {
  const { snapshot } = observation;
  const version = resultingVersion(snapshot, sent);
  if (!version) return outcomeWithoutResult(observation, sent, patience);
  if (isTerminal(version)) return { kind: 'done', version };
  const stage = deadStages(snapshot).find(({ run_id }) => run_id === version.run_id);
  return stage ? { kind: 'dead', stage } : { kind: 'open' };
};

/** A request with its outcome. */
export type RequestResult = SentRequest & { outcome: RequestOutcome };

/** Determines the outcome of every request; null while some are open and the pipeline still moves. */
export const outcomesOf = (
  observation: Observation,
  requests: readonly SentRequest[],
  patience: Patience,
): RequestResult[] | null => {
  const results = requests.map((sent) => ({ ...sent, outcome: outcomeOf(observation, sent, patience) }));
  const allEnded = results.every(({ outcome }) => outcome.kind !== 'open');
  return allEnded || observation.stillForMs >= patience.stallMs ? results : null;
};
