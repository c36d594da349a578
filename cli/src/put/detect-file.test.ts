import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { detectFile, detectFileAs } from './detect-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'detect-'));
afterAll(() => rmSync(dir, { recursive: true }));
const write = (name: string, bytes: Buffer | string): string => {
  writeFileSync(join(dir, name), bytes);
  return join(dir, name);
};
const STREAM = 'user_id,track_id,listen_time\n1,a,2018-11-15 00:00:00\n';

test('a packed file is detected by what is in it', async () => {
  expect(await detectFile(write('a.txt', gzipSync(STREAM)))).toEqual({ kind: 'stream', ignored: [] });
  expect(await detectFile(write('b', zstdCompressSync(Buffer.from('user_id,user_name\n'))))).toMatchObject({
    kind: 'users',
  });
});

test('an error names the columns, or what is wrong with the file', async () => {
  await expect(detectFile(write('c.csv', 'one,two\n'))).rejects.toMatchObject({
    message: expect.stringContaining('Its columns: one, two'),
    todo: expect.stringContaining('--songs'),
  });
  await expect(detectFile(join(dir, 'none.csv'))).rejects.toThrow('there is no such file');
  await expect(detectFile(dir)).rejects.toThrow('is no file');
  await expect(detectFile(write('d.csv', ''))).rejects.toThrow('is empty');
});

test('a damaged archive is an error that names the file', async () => {
  const whole = gzipSync(STREAM.repeat(50_000));
  whole.fill(0x55, 15, 60);
  await expect(detectFile(write('e.gz', whole))).rejects.toThrow(/e\.gz looks like gzip and cannot be unpacked/);
});

test('a binary file is an error that names its format, even if the person names its kind', async () => {
  const zip = write('f.csv', Buffer.from('504b0304140000000800', 'hex'));
  const unknown = write('g.csv', Buffer.from([1, 2, 0, 3]));
  await expect(detectFile(zip)).rejects.toThrow(/f\.csv is a ZIP archive .*: neither CSV, JSON lines nor Parquet/);
  await expect(detectFileAs(zip, 'songs')).rejects.toThrow('is a ZIP archive');
  await expect(detectFile(write('h.gz', gzipSync(Buffer.from([1, 2, 0, 3]))))).rejects.toThrow('is binary data');
  await expect(detectFile(unknown)).rejects.toThrow('is binary data');
  await expect(detectFile(write('i.csv', Buffer.from('\ufeffuser_id,track_id', 'utf16le')))).rejects.toThrow(
    'text in UTF-16',
  );
});

test('unknown columns of a stream are named, those of reference files are not', async () => {
  const stream = write('j.csv', 'User_ID,song_id,timestamp,mood,,Duration,weather\n1,a,2,x,,3,y\n');
  expect(await detectFile(stream)).toEqual({ kind: 'stream', ignored: ['mood', 'weather'] });
  expect(await detectFile(write('k.csv', ',track_id,duration_ms,danceability\n'))).toEqual({
    kind: 'songs',
    ignored: [],
  });
});
