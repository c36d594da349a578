import { type FileRequested, fileId, patchesKey } from '@music-etl/contracts';
import { write } from './documents.ts';
import { send } from './messages.ts';
import type { World } from './world.ts';

/** Sends a person's request about a file, as `music-etl quarantine` does. Returns the request's id. */
export const requestFile = async (
  world: World,
  changes: Partial<FileRequested> & Pick<FileRequested, 'key'>,
): Promise<string> => {
  const request: FileRequested = {
    type: 'file.requested',
    schema_version: 1,
    action: 'replay',
    request_id: '0000abcd',
    version: 1,
    why: 'the users came late',
    requested_by: 'ann',
    requested_at: new Date().toISOString(),
    patches_key: null,
    ...changes,
  };
  await send(world, 'ingest', JSON.stringify(request));
  return request.request_id;
};

/** Writes row patches and requests the file to be reprocessed with them. */
export const requestPatches = async (
  world: World,
  { key, version, id, patches }: { key: string; version: number; id: string; patches: string },
): Promise<void> => {
  const patches_key = patchesKey(fileId(key), version, id);
  await write(world, patches_key, patches);
  await requestFile(world, { key, version, request_id: id, patches_key, why: 'rows were mistyped' });
};
