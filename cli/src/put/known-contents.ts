import { contentVersion, latestVersion, REFERENCE_KEY, ReferenceDocument } from '@music-etl/contracts';
import { readDocument } from '../shared/documents.ts';
import { readFile } from '../shared/file-documents.ts';
import { shellWord } from '../shared/format.ts';
import { mapLimit } from '../shared/map-limit.ts';
import type { Objects } from '../shared/ports.ts';
import type { Upload } from './upload.ts';

const AT_ONCE = 8;

/** What the pipeline has of a key: its ETag, and what to say where the same comes again. */
interface Known {
  etag: string;
  words: string;
}

const bare = (etag: string): string => etag.replaceAll('"', '');

const ofStream = async (objects: Objects, key: string): Promise<Known | null> => {
  const file = await readFile(objects, key);
  const newest = file && latestVersion(file);
  // What was gone before it was read is read when it comes again.
  if (!newest || newest.reason?.code === 'missing_object') return null;
  const etag = bare(newest.etag);
  const words = `same content as version ${contentVersion(newest)}`;
  if (newest.state === 'held') {
    return {
      etag,
      words: `${words}, which is held: skipped; to let it count: npx music-etl quarantine release ${shellWord(key)} --why '…'`,
    };
  }
  return { etag, words: newest.state === 'rejected' ? `${words}, which was rejected: skipped` : `${words}: skipped` };
};

const ofReferences = async (objects: Objects): Promise<Map<string, Known>> => {
  const reference = await readDocument(objects, REFERENCE_KEY, ReferenceDocument);
  const words = 'same content as in the snapshot in use: nothing changes';
  return new Map(reference?.sources.map(({ key, etag }) => [key, { etag: bare(etag), words }]));
};

/**
 * What the pipeline knows of files before they are uploaded: afterwards `repeated` says, by the ETag that S3 gave,
 * that a content is nothing new; null where it is new.
 */
export const knownContents = async (
  objects: Objects,
  uploads: readonly Upload[],
): Promise<(upload: Upload, etag: string) => string | null> => {
  const known = uploads.some(({ kind }) => kind !== 'stream') ? await ofReferences(objects) : new Map<string, Known>();
  const streams = uploads.filter(({ kind }) => kind === 'stream');
  await mapLimit(streams, AT_ONCE, async ({ key }) => {
    const found = await ofStream(objects, key);
    if (found) known.set(key, found);
  });
  return ({ key }, etag) => {
    const found = known.get(key);
    return found && found.etag === bare(etag) ? found.words : null;
  };
};
