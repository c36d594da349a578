import { many } from '../shared/format.ts';
import { mapLimit } from '../shared/map-limit.ts';
import type { Expected } from '../shared/pipeline/outcome.ts';
import type { Objects, Screen } from '../shared/ports.ts';
import { checkKeys, isStream, type Upload } from './upload.ts';

const AT_ONCE = 4;

/**
 * Uploads reference files, then streams, so that no stream has to wait for its reference data. Returns the streams
 * that the pipeline is now expected to process.
 */
export const putAll = async (
  objects: Objects,
  uploads: readonly Upload[],
  screen: Screen,
  done: (upload: Upload, etag: string) => void = () => {},
): Promise<Expected[]> => {
  checkKeys(uploads);
  const put = async (upload: Upload): Promise<Expected> => {
    screen.progress(`uploading ${upload.path}`);
    const { version_id, etag } = await objects.put(upload.key, upload.path);
    done(upload, etag);
    return { key: upload.key, version_id };
  };
  for (const upload of uploads.filter((each) => !isStream(each))) await put(upload);
  const expected = await mapLimit(uploads.filter(isStream), AT_ONCE, put);
  screen.progress('');
  return expected;
};

/** `songs.csv, users.csv and 30 stream files` */
export const describeUploads = (uploads: readonly Upload[]): string => {
  const references = uploads.filter((each) => !isStream(each)).map(({ key }) => key.replace(/^.*\//, ''));
  const streams = many(uploads.length - references.length, 'stream file');
  return references.length > 0 ? `${references.join(', ')} and ${streams}` : streams;
};
