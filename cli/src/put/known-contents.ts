import { contentVersion, latestVersion, REFERENCE_KEY, ReferenceDocument } from '@music-etl/contracts';
import { readDocument } from '../shared/documents.ts';
import { readFile } from '../shared/file-documents.ts';
import { holdCommands } from '../shared/hold-commands.ts';
import { mapLimit } from '../shared/map-limit.ts';
import type { Objects } from '../shared/ports.ts';
import { isStream, type Upload } from './upload.ts';

const AT_ONCE = 8;

/** The content that the pipeline has of a key: its ETag, and what to print where it comes again. */
interface KnownContent {
  etag: string;
  lines: string[];
}

const bare = (etag: string): string => etag.replaceAll('"', '');

const knownStream = async (objects: Objects, key: string): Promise<KnownContent | null> => {
  const file = await readFile(objects, key);
  const latest = file && latestVersion(file);
  // An object that was gone before it was read is read when it comes again.
  if (!latest || latest.reason?.code === 'missing_object') return null;
  const etag = bare(latest.etag);
  const same = `same content as version ${contentVersion(latest)}`;
  if (latest.state === 'held') {
    return { etag, lines: [`${same}, which is on hold: skipped; to decide about it:`, ...holdCommands(key)] };
  }
  return { etag, lines: [latest.state === 'rejected' ? `${same}, which was rejected: skipped` : `${same}: skipped`] };
};

const knownReferences = async (objects: Objects): Promise<[string, KnownContent][]> => {
  const reference = await readDocument(objects, REFERENCE_KEY, ReferenceDocument);
  const lines = ['same content as in the current snapshot: nothing changes'];
  return (reference?.sources ?? []).map(({ key, etag }) => [key, { etag: bare(etag), lines }]);
};

/** Returns what to print if an upload repeats a known content, by the ETag that S3 gave it; null if it is new. */
export type FindRepeat = (upload: Upload, etag: string) => readonly string[] | null;

/** Reads the contents that the pipeline knows before files are uploaded. */
export const readKnownContents = async (objects: Objects, uploads: readonly Upload[]): Promise<FindRepeat> => {
  const known = new Map(uploads.every(isStream) ? [] : await knownReferences(objects));
  await mapLimit(uploads.filter(isStream), AT_ONCE, async ({ key }) => {
    const found = await knownStream(objects, key);
    if (found) known.set(key, found);
  });
  return ({ key }, etag) => {
    const found = known.get(key);
    return found?.etag === bare(etag) ? found.lines : null;
  };
};
