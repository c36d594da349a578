import { z } from 'zod';
import type { DocumentStore } from '../../src/domain/ports.ts';
import { UnreadableDocument } from '../../src/domain/unreadable-document.ts';

const Note = z.object({ n: z.int() });
const parse = (value: unknown) => Note.parse(value);

/** What every document store does; the same suite runs on the one in memory and on S3's. */
export const behavesAsDocuments = (make: () => DocumentStore): void => {
  test('what was created is read with an ETag', async () => {
    const store = make();
    expect(await store.create('a', { n: 1 })).toBe(true);
    expect(await store.read('a', parse)).toEqual({ value: { n: 1 }, etag: expect.stringMatching(/./) });
  });

  test('nothing is read where nothing is', async () => {
    expect(await make().read('a', parse)).toBeNull();
  });

  test('a second create loses and changes nothing', async () => {
    const store = make();
    await store.create('a', { n: 1 });
    expect(await store.create('a', { n: 2 })).toBe(false);
    expect((await store.read('a', parse))?.value).toEqual({ n: 1 });
  });

  test('a change over what was read wins once', async () => {
    const store = make();
    await store.create('a', { n: 1 });
    const etag = (await store.read('a', parse))?.etag ?? '';
    expect(await store.replace('a', { n: 2 }, etag)).toBe(true);
    expect(await store.replace('a', { n: 3 }, etag)).toBe(false);
    expect((await store.read('a', parse))?.value).toEqual({ n: 2 });
  });

  test('of many creates at once one wins', async () => {
    const store = make();
    const won = await Promise.all([1, 2, 3, 4, 5].map((n) => store.create('a', { n })));
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  test('what is gone cannot be changed', async () => {
    const store = make();
    await store.create('a', { n: 1 });
    const etag = (await store.read('a', parse))?.etag ?? '';
    await store.remove('a');
    expect(await store.replace('a', { n: 2 }, etag)).toBe(false);
    expect(await store.read('a', parse)).toBeNull();
  });

  test('a marker is put over whatever is there', async () => {
    const store = make();
    await store.mark('a', { n: 1 });
    await store.mark('a', { n: 2 });
    expect((await store.read('a', parse))?.value).toEqual({ n: 2 });
  });

  test('keys are listed by prefix, in their order, all of them', async () => {
    const store = make();
    for (const n of [3, 1, 2, 5, 4]) await store.mark(`p/${n}`, { n });
    await store.mark('q/1', { n: 1 });
    expect(await store.list('p/')).toEqual(['p/1', 'p/2', 'p/3', 'p/4', 'p/5']);
    expect(await store.list('r/')).toEqual([]);
  });

  test('removing what is not there is fine', async () => {
    await expect(make().remove('a')).resolves.toBeUndefined();
  });

  test('a document that is not of its type is an error that names it, not a missing one, and stays as it is', async () => {
    const store = make();
    await store.mark('a', { n: 'text' });
    await expect(store.read('a', parse)).rejects.toBeInstanceOf(UnreadableDocument);
    await expect(store.read('a', parse)).rejects.toMatchObject({ key: 'a' });
    expect((await store.read('a', (value) => value))?.value).toEqual({ n: 'text' });
  });
};
