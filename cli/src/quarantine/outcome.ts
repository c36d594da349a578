import { type FileRequested, type FileVersion, fileId, type StageDocument } from '@music-etl/contracts';
import { isQuiet, type Snapshot } from '../status/snapshot.ts';
import { deadStages, isTerminal, type Patience } from '../status/verdict.ts';

/** Something that was asked of a file, and the version of which it was asked, as it was then. */
export interface Asked {
  request: FileRequested;
  before: FileVersion;
}

/** What the replay of a request is found by. */
export const causeOf = ({ request_id }: FileRequested): string => `request:${request_id}`;

/** Why ingest inDlq requests, by their ids. */
export type InDlq = ReadonlyMap<string, string>;

/** What became of a request. `lost`: ingest took it and changed nothing, since the file had changed; `why` as it says. */
export type AskedEnd =
  | { kind: 'open' }
  | { kind: 'done'; version: FileVersion }
  | { kind: 'dead'; stage: StageDocument }
  | { kind: 'lost'; why: string | null };

/** The version that shows the request: its replay, or the held version that is rejected now. */
const traceOf = (snapshot: Snapshot, { request }: Asked): FileVersion | undefined => {
  const versions = snapshot.files.find(({ file_id }) => file_id === fileId(request.key))?.versions ?? [];
  return request.action === 'reject'
    ? versions.find(({ version, state }) => version === request.version && state === 'rejected')
    : versions.find(({ replay }) => replay?.cause === causeOf(request));
};

/** Whether nothing shows a request (yet). */
export const hasNoTrace = (snapshot: Snapshot, asked: Asked): boolean => traceOf(snapshot, asked) === undefined;

interface Seen {
  snapshot: Snapshot;
  inDlq: InDlq;
  /** How long no look has shown anything new. */
  stillForMs: number;
}

const untracedEnd = ({ snapshot, inDlq, stillForMs }: Seen, { request }: Asked, { quietMs }: Patience): AskedEnd => {
  const why = inDlq.get(request.request_id);
  if (why !== undefined) return { kind: 'lost', why };
  return isQuiet(snapshot) && stillForMs >= quietMs ? { kind: 'lost', why: null } : { kind: 'open' };
};

const endOf = (seen: Seen, asked: Asked, patience: Patience): AskedEnd => {
  const { snapshot } = seen;
  const trace = traceOf(snapshot, asked);
  if (!trace) return untracedEnd(seen, asked, patience);
  if (isTerminal(trace)) return { kind: 'done', version: trace };
  const stage = deadStages(snapshot).find(({ run_id }) => run_id === trace.run_id);
  return stage ? { kind: 'dead', stage } : { kind: 'open' };
};

/** What became of everything that was asked, null while there is hope that more will. */
export const endsOf = (seen: Seen, asked: readonly Asked[], patience: Patience): AskedEnd[] | null => {
  const ends = asked.map((each) => endOf(seen, each, patience));
  return ends.every(({ kind }) => kind !== 'open') || seen.stillForMs >= patience.stallMs ? ends : null;
};
