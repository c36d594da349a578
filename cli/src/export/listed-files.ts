import { FILES_PREFIX, FileDocument } from '@music-etl/contracts';
import { mapLimit } from '../shared/map-limit.ts';
import type { Objects } from '../shared/ports.ts';

const AT_ONCE = 16;

const readFiles = async (objects: Objects, keys: readonly string[]): Promise<FileDocument[]> => {
  const texts = await mapLimit(keys, AT_ONCE, (key) => objects.read(key));
  return texts.flatMap((text) => (text === null ? [] : [FileDocument.parse(JSON.parse(text))]));
};

/** Every file document, a few at a time. */
export async function* listedFiles(objects: Objects): AsyncGenerator<FileDocument> {
  let keys: string[] = [];
  for await (const { key } of objects.list(FILES_PREFIX)) {
    keys.push(key);
    if (keys.length < AT_ONCE) continue;
    yield* await readFiles(objects, keys);
    keys = [];
  }
  yield* await readFiles(objects, keys);
}
