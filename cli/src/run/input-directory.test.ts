import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkKeys, uploadOf } from '../put/upload.ts';
import { readInputDirectory } from './input-directory.ts';

const base = mkdtempSync(join(tmpdir(), 'inputs-'));
afterAll(() => rmSync(base, { recursive: true }));

const makeDir = (...names: string[]): string => {
  const dir = mkdtempSync(join(base, 'input-'));
  for (const name of names) {
    mkdirSync(join(dir, name, '..'), { recursive: true });
    writeFileSync(join(dir, name), 'x');
  }
  return dir;
};

test('streams keep their path below streams/; hidden files are left out', async () => {
  const dir = makeDir(
    'songs.csv',
    'users.csv',
    'streams/b.csv',
    'streams/2018/a.csv',
    'streams/.DS_Store',
    'notes.txt',
  );
  const { uploads } = await readInputDirectory(dir);
  expect(uploads.map(({ key }) => key)).toEqual([
    'reference/songs/songs.csv',
    'reference/users/users.csv',
    'streams/2018/a.csv',
    'streams/b.csv',
  ]);
});

test('an error names what is missing', async () => {
  await expect(readInputDirectory(makeDir('songs.csv', 'users.csv'))).rejects.toThrow('has no streams/*');
  await expect(readInputDirectory(makeDir('streams/a.csv'))).rejects.toThrow('has no songs.csv, no users.csv');
  await expect(readInputDirectory('/no/such')).rejects.toThrow('/no/such: there is no such directory');
  await expect(readInputDirectory(makeDir('songs.csv', 'streams/a.csv'))).rejects.toMatchObject({
    message: expect.stringMatching(/ has no users\.csv$/),
    exitCode: 2,
  });
});

test('two files with one key are an error', () => {
  expect(() => checkKeys([uploadOf('a/x.csv', 'x.csv', 'stream'), uploadOf('b/x.csv', 'x.csv', 'stream')])).toThrow(
    'a/x.csv and b/x.csv would both become streams/x.csv',
  );
});
