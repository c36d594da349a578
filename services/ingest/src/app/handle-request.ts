import { FileDocument, type FileRequested, fileId, fileKey, replayKey } from '@music-etl/contracts';
import type { DocumentStore, Log } from '@music-etl/stage';
import { decideRequest, type RequestDecision } from '../domain/request.ts';

export interface RequestDeps {
  readonly documents: DocumentStore;
  readonly log: Log;
}

/** Decides on the file's document, and writes a rejection into it. Decides again if another writer was first. */
const decideAndReject = async (deps: RequestDeps, request: FileRequested): Promise<RequestDecision> => {
  const at = fileKey(fileId(request.key));
  for (;;) {
    const read = await deps.documents.read(at, (value) => FileDocument.parse(value));
    const decision = decideRequest(read?.value ?? null, request);
    if (decision.kind !== 'reject' || read === null) return decision;
    if (await deps.documents.replace(at, decision.document, read.etag)) return decision;
  }
};

/**
 * Handles a person's request for a file. Replay and release write a marker for the next run; reject changes the file's
 * document. Safe to repeat.
 * @returns why the request can never be carried out; null when it is.
 */
export const handleRequest = async (deps: RequestDeps, request: FileRequested): Promise<string | null> => {
  const decision = await decideAndReject(deps, request);
  if (decision.kind === 'replay') {
    const { file_id, replay } = decision.marker;
    await deps.documents.mark(replayKey(file_id, replay.of, replay.cause), decision.marker);
  }
  const { action, key, version, requested_by } = request;
  deps.log.info('handled a file request', { action, key, version, requested_by, decision: decision.kind });
  return decision.kind === 'impossible' ? decision.why : null;
};
