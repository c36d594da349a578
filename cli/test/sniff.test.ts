import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { kindOfFile } from '../src/adapters/sniff.ts';

const dir = mkdtempSync(join(tmpdir(), 'sniff-'));
afterAll(() => rmSync(dir, { recursive: true }));
const write = (name: string, bytes: Buffer | string): string => {
  writeFileSync(join(dir, name), bytes);
  return join(dir, name);
};
const STREAM = 'user_id,track_id,listen_time\n1,a,2018-11-15 00:00:00\n';

test('looks into packed files', async () => {
  expect(await kindOfFile(write('a.txt', gzipSync(STREAM)))).toBe('stream');
  expect(await kindOfFile(write('b', zstdCompressSync(Buffer.from('user_id,user_name\n'))))).toBe('users');
});

test('says what is missing, and what to do', async () => {
  await expect(kindOfFile(write('c.csv', 'one,two\n'))).rejects.toMatchObject({
    message: expect.stringContaining('Its columns: one, two'),
    todo: expect.stringContaining('--songs'),
  });
  await expect(kindOfFile(join(dir, 'none.csv'))).rejects.toThrow('there is no such file');
  await expect(kindOfFile(dir)).rejects.toThrow('is no file');
  await expect(kindOfFile(write('d.csv', ''))).rejects.toThrow('is empty');
});

test('a damaged archive is an error that names the file', async () => {
  const whole = gzipSync(STREAM.repeat(50_000));
  whole.fill(0x55, 15, 60);
  await expect(kindOfFile(write('e.gz', whole))).rejects.toThrow(/e\.gz looks like gzip and cannot be unpacked/);
});
