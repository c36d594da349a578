import { type FileVersion, fileKey, REFERENCE_KEY } from '@music-etl/contracts';
import { aFile, aReplayed } from '../testing/builders.ts';
import { MemoryObjects } from '../testing/fakes.ts';
import { knownContents } from './known-contents.ts';
import { uploadOf } from './upload.ts';

const STREAM = uploadOf('a.csv', 'a.csv', 'stream');
const SONGS = uploadOf('songs.csv', 'songs.csv', 'songs');
const SNAPSHOT = {
  schema_version: 1,
  reference_version: 'r1',
  tracks_key: null,
  users_key: null,
  created_at: null,
  run_id: null,
  sources: [{ key: SONGS.key, version_id: 'v', etag: 's1' }],
  tracks: 1,
  users: 1,
  skipped_rows: {},
  broken: [],
};

const said = async (etag: string, ...versions: Partial<FileVersion>[]): Promise<string | null> => {
  const file = aFile('streams/a.csv', ...versions);
  const repeated = await knownContents(new MemoryObjects().set(fileKey(file.file_id), file), [STREAM]);
  return repeated(STREAM, etag);
};

test('the content of the newest version again is nothing new, whether validated once or again', async () => {
  expect(await said('"1"', { etag: '1' })).toBe('same content as version 1: skipped');
  expect(await said('"1"', { etag: '1' }, aReplayed({ etag: '1' }))).toBe('same content as version 1: skipped');
  expect(await said('"2"', { etag: '1' })).toBeNull();
  expect(await said('"1"', { etag: '1' }, { version: 2, etag: '2' })).toBeNull();
});

test('what is held is let go by a person, not by putting it again; what had gone unread is read', async () => {
  expect(await said('"1"', { etag: '1', state: 'held' })).toContain('quarantine release streams/a.csv');
  expect(await said('"1"', { etag: '1', state: 'rejected' })).toContain('which was rejected: skipped');
  const missing = { code: 'missing_object', detail: 'gone' };
  expect(await said('"1"', { etag: '1', state: 'rejected', reason: missing })).toBeNull();
});

test('reference data that the snapshot in use is made of changes nothing', async () => {
  const repeated = await knownContents(new MemoryObjects().set(REFERENCE_KEY, SNAPSHOT), [SONGS]);
  expect(repeated(SONGS, '"s1"')).toContain('nothing changes');
  expect(repeated(SONGS, '"s2"')).toBeNull();
  expect((await knownContents(new MemoryObjects(), [SONGS, STREAM]))(STREAM, '"1"')).toBeNull();
});
