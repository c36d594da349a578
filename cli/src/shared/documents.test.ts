import { z } from 'zod';
import { MemoryObjects } from '../testing/fakes.ts';
import { documentsUnder, readDocument, readDocuments, streamDocuments } from './documents.ts';

const Numbered = z.object({ n: z.int() });
const bucket = (): MemoryObjects => {
  const objects = new MemoryObjects();
  for (let n = 0; n < 40; n++) objects.set(`d/${String(n).padStart(2, '0')}.json`, { n });
  return objects;
};

test('a missing document is null, and is left out of several', async () => {
  expect(await readDocument(bucket(), 'd/99.json', Numbered)).toBeNull();
  expect(await readDocuments(bucket(), ['d/02.json', 'd/99.json', 'd/01.json'], Numbered)).toEqual([
    { n: 2 },
    { n: 1 },
  ]);
});

test('a document of another type, or no JSON at all, is an error that names its key', async () => {
  const objects = new MemoryObjects().set('d/a.json', { n: 'one' });
  await objects.write('d/b.json', '{"n":');
  await expect(readDocument(objects, 'd/a.json', Numbered)).rejects.toThrow('d/a.json is not a document of its type');
  await expect(documentsUnder(objects, 'd/b', Numbered)).rejects.toThrow('d/b.json is not a document of its type');
});

test('documents under a prefix come in the order of their keys, all at once or one by one', async () => {
  const all = Array.from({ length: 40 }, (_, n) => ({ n }));
  expect(await documentsUnder(bucket(), 'd/', Numbered)).toEqual(all);
  const streamed: unknown[] = [];
  for await (const document of streamDocuments(bucket(), 'd/', Numbered)) streamed.push(document);
  expect(streamed).toEqual(all);
});

test('keys that are not picked are not read', async () => {
  const objects = bucket();
  expect(await documentsUnder(objects, 'd/', Numbered, (key) => key.startsWith('d/3'))).toHaveLength(10);
  expect(objects.reads).toHaveLength(10);
});
