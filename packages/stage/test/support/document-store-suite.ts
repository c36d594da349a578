import { z } from 'zod';
import type { DocumentStore } from '../../src/domain/ports.ts';
import { UnreadableDocument } from '../../src/domain/unreadable-document.ts';

const Note = z.object({ n: z.int() });
const parse = (value: unknown) => Note.parse(value);

/** Tests what every document store does. The suite runs on the store in memory and on the one in S3. */
export const behavesAsDocumentStore = (make: () => DocumentStore): void => {
  test('a created document is read with its ETag', async () => {
    const store = make();
    expect(await store.create('a', { n: 1 })).toBe(true);
    expect(await store.read('a', parse)).toEqual({ value: { n: 1 }, etag: expect.stringMatching(/./) });
  });

  test('a document that does not exist reads as null', async () => {
    expect(await make().read('a', parse)).toBeNull();
  });

  test('a second create loses and changes nothing', async () => {
    const store = make();
    await store.create('a', { n: 1 });
    expect(await store.create('a', { n: 2 })).toBe(false);
    expect((await store.read('a', parse))?.value).toEqual({ n: 1 });
  });

  test('of two replacements of the same ETag the first wins', async () => {
    const store = make();
    await store.create('a', { n: 1 });
    const etag = (await store.read('a', parse))?.etag ?? '';
    expect(await store.replace('a', { n: 2 }, etag)).toBe(true);
    expect(await store.replace('a', { n: 3 }, etag)).toBe(false);
    expect((await store.read('a', parse))?.value).toEqual({ n: 2 });
  });

  test('of many concurrent creates one wins', async () => {
    const store = make();
    const won = await Promise.all([1, 2, 3, 4, 5].map((n) => store.create('a', { n })));
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  test('a removed document cannot be replaced', async () => {
    const store = make();
    await store.create('a', { n: 1 });
    const etag = (await store.read('a', parse))?.etag ?? '';
    await store.remove('a');
    expect(await store.replace('a', { n: 2 }, etag)).toBe(false);
    expect(await store.read('a', parse)).toBeNull();
  });

  test('a marker overwrites an existing document', async () => {
    const store = make();
    await store.mark('a', { n: 1 });
    await store.mark('a', { n: 2 });
    expect((await store.read('a', parse))?.value).toEqual({ n: 2 });
  });

  test('all keys of a prefix are listed in order', async () => {
    const store = make();
    for (const n of [3, 1, 2, 5, 4]) await store.mark(`p/${n}`, { n });
    await store.mark('q/1', { n: 1 });
    expect(await store.list('p/')).toEqual(['p/1', 'p/2', 'p/3', 'p/4', 'p/5']);
    expect(await store.list('r/')).toEqual([]);
  });

  test('removing a document that does not exist is no error', async () => {
    await expect(make().remove('a')).resolves.toBeUndefined();
  });

  test('a document that is not of its type is an error that names it, and is not changed', async () => {
    const store = make();
    await store.mark('a', { n: 'text' });
    await expect(store.read('a', parse)).rejects.toBeInstanceOf(UnreadableDocument);
    await expect(store.read('a', parse)).rejects.toMatchObject({ key: 'a' });
    expect((await store.read('a', (value) => value))?.value).toEqual({ n: 'text' });
  });
};
