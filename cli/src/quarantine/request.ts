import { FileRequested, type FileVersion, fileId, patchesKey } from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';
import type { RowPatch } from './parse-patch.ts';

export type Action = FileRequested['action'];

/** A request to be sent: a file, the version that the person saw, and row patches for a replay. */
export interface PlannedRequest {
  key: string;
  version: FileVersion;
  patches?: readonly RowPatch[];
}

/** Who sends a request, why and when. */
export interface Requester {
  why: string;
  requestedBy: string;
  now: Date;
}

const LONGEST_WHY = 1000;

/**
 * Parses the reason of a request.
 * @throws UserError if it is empty or too long
 */
export const parseWhy = (text: string): string => {
  const why = text.trim();
  if (why === '') throw new UserError('--why is empty', 'say why in a few words; it is kept with the file');
  if (why.length > LONGEST_WHY) {
    throw new UserError(`--why has ${why.length} characters`, `at most ${LONGEST_WHY} are kept; shorten it`);
  }
  return why;
};

/** Builds the message to ingest. With patches, `patches_key` names the object that has to hold them. */
export const createRequest = (
  action: Action,
  { key, version: { version }, patches = [] }: PlannedRequest,
  id: string,
  { why, requestedBy, now }: Requester,
): FileRequested =>
  FileRequested.parse({
    type: 'file.requested',
    schema_version: 1,
    action,
    request_id: id,
    key,
    version,
    why,
    requested_by: requestedBy,
    requested_at: now.toISOString(),
    patches_key: patches.length > 0 ? patchesKey(fileId(key), version, id) : null,
  });

/** Formats the object of a file's row patches: JSON lines in the order of its rows. Earlier patches stay in force. */
export const patchLines = (patches: readonly RowPatch[]): string =>
  [...patches]
    .sort((a, b) => a.row - b.row)
    .map(({ row, set }) => `${JSON.stringify({ row, set })}\n`)
    .join('');
