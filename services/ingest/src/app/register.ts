import { FileDocument, fileId, fileKey, pendingKey, pendingReferenceKey } from '@music-etl/contracts';
import type { DocumentStore, Log } from '@music-etl/stage';
import { type Arrival, decideArrival } from '../domain/arrival.ts';
import type { Arrived } from '../domain/notification.ts';

export interface RegisterDeps {
  readonly documents: DocumentStore;
  readonly now: () => Date;
  readonly log: Log;
  /** Deletes exactly one version of a raw object. */
  readonly deleteVersion: (key: string, versionId: string) => Promise<void>;
}

const mark = (deps: RegisterDeps, kind: Arrived['kind'], at: string, arrival: Arrival): Promise<void> => {
  const { key, versionId } = arrival;
  const marker = { schema_version: 1, kind, key, file_id: fileId(key), version_id: versionId };
  return deps.documents.mark(at, marker);
};

/** Writes the arrival into the file's document, deciding anew for as long as others write it first. */
const write = async (deps: RegisterDeps, arrival: Arrival) => {
  const key = fileKey(fileId(arrival.key));
  for (;;) {
    const read = await deps.documents.read(key, (value) => FileDocument.parse(value));
    const decision = decideArrival(read?.value ?? null, arrival, deps.now());
    if (decision.kind === 'known' || decision.kind === 'outdated') return decision;
    const written =
      read === null
        ? await deps.documents.create(key, decision.document)
        : await deps.documents.replace(key, decision.document, read.etag);
    if (written) return decision;
  }
};

/**
 * Takes note of an arrival: a stream file's version enters its document and waits, marked, for a run; a reference file
 * is only marked, since a run reads all of them. A repeat of content that is archived already is taken away at once.
 */
export const register = async (deps: RegisterDeps, { kind, arrival }: Arrived): Promise<void> => {
  if (kind === 'reference') {
    return mark(deps, kind, pendingReferenceKey(arrival.key, arrival.versionId), arrival);
  }
  const decision = await write(deps, arrival);
  deps.log.info('a stream file arrived', { key: arrival.key, version_id: arrival.versionId, decision: decision.kind });
  if (decision.kind === 'new' || (decision.kind === 'known' && decision.pending)) {
    await mark(deps, kind, pendingKey(fileId(arrival.key), decision.version), arrival);
  }
  const archivedAgain =
    decision.kind === 'repeat' ? decision.archived : decision.kind === 'known' && decision.archivedRepeat;
  if (archivedAgain) await deps.deleteVersion(arrival.key, arrival.versionId);
};
