import { type FileVersion, fileKey, REFERENCE_KEY } from '@music-etl/contracts';
import { aReference } from '@music-etl/testing';
import { aFile, aReplayed } from '../testing/builders.ts';
import { MemoryObjects } from '../testing/fakes.ts';
import { readKnownContents } from './known-contents.ts';
import { uploadOf } from './upload.ts';

const STREAM = uploadOf('a.csv', 'a.csv', 'stream');
const SONGS = uploadOf('songs.csv', 'songs.csv', 'songs');
const SNAPSHOT = aReference({ sources: [{ key: SONGS.key, version_id: 'v', etag: 's1' }] });

const repeatOf = async (etag: string, ...versions: Partial<FileVersion>[]): Promise<string | null> => {
  const file = aFile('streams/a.csv', ...versions);
  const findRepeat = await readKnownContents(new MemoryObjects().set(fileKey(file.file_id), file), [STREAM]);
  return findRepeat(STREAM, etag)?.join('\n') ?? null;
};

test('the content of the latest version is a repeat, whether it was validated once or again', async () => {
  expect(await repeatOf('"1"', { etag: '1' })).toBe('same content as version 1: skipped');
  expect(await repeatOf('"1"', { etag: '1' }, aReplayed({ etag: '1' }))).toBe('same content as version 1: skipped');
  expect(await repeatOf('"2"', { etag: '1' })).toBeNull();
  expect(await repeatOf('"1"', { etag: '1' }, { version: 2, etag: '2' })).toBeNull();
});

test('a repeat of content on hold shows the commands to decide; an object that was missing is new', async () => {
  expect(await repeatOf('"1"', { etag: '1', state: 'held' })).toContain('quarantine release streams/a.csv');
  expect(await repeatOf('"1"', { etag: '1', state: 'rejected' })).toContain('which was rejected: skipped');
  const missing = { code: 'missing_object', detail: 'gone' };
  expect(await repeatOf('"1"', { etag: '1', state: 'rejected', reason: missing })).toBeNull();
});

test('reference data of the current snapshot changes nothing', async () => {
  const findRepeat = await readKnownContents(new MemoryObjects().set(REFERENCE_KEY, SNAPSHOT), [SONGS]);
  expect(findRepeat(SONGS, '"s1"')?.join()).toContain('nothing changes');
  expect(findRepeat(SONGS, '"s2"')).toBeNull();
  expect((await readKnownContents(new MemoryObjects(), [SONGS, STREAM]))(STREAM, '"1"')).toBeNull();
});
