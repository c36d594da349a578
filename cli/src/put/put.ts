import { count } from '../shared/format.ts';
import { mapLimit } from '../shared/map-limit.ts';
import type { Expected } from '../shared/pipeline/outcome.ts';
import type { Objects, Screen } from '../shared/ports.ts';
import { inUploadOrder, rejectSameKeys, type Upload } from './upload.ts';

const AT_ONCE = 4;

/** Uploads reference files, then streams; gives what the pipeline is now expected to work on. */
export const putAll = async (
  objects: Objects,
  uploads: readonly Upload[],
  screen: Screen,
  done: (upload: Upload, etag: string) => void = () => {},
): Promise<Expected[]> => {
  rejectSameKeys(uploads);
  const put = async (upload: Upload): Promise<Expected> => {
    screen.progress(`uploading ${upload.path}`);
    const { version_id, etag } = await objects.put(upload.key, upload.path);
    done(upload, etag);
    return { key: upload.key, version_id };
  };
  const ordered = inUploadOrder(uploads);
  for (const upload of ordered.filter(({ kind }) => kind !== 'stream')) await put(upload);
  const streams = ordered.filter(({ kind }) => kind === 'stream');
  const expected = await mapLimit(streams, AT_ONCE, put);
  screen.progress('');
  return expected;
};

/** `songs.csv, users.csv and 30 stream files` */
export const describeUploads = (uploads: readonly Upload[]): string => {
  const references = uploads.filter(({ kind }) => kind !== 'stream').map(({ key }) => key.replace(/^.*\//, ''));
  const streams = uploads.length - references.length;
  return [...references, `${count(streams)} stream ${streams === 1 ? 'file' : 'files'}`].join(', ');
};
