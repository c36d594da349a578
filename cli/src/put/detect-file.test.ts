import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { sniff, sniffAs } from './detect-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'sniff-'));
afterAll(() => rmSync(dir, { recursive: true }));
const write = (name: string, bytes: Buffer | string): string => {
  writeFileSync(join(dir, name), bytes);
  return join(dir, name);
};
const STREAM = 'user_id,track_id,listen_time\n1,a,2018-11-15 00:00:00\n';

test('looks into packed files', async () => {
  expect(await sniff(write('a.txt', gzipSync(STREAM)))).toEqual({ kind: 'stream', ignored: [] });
  expect(await sniff(write('b', zstdCompressSync(Buffer.from('user_id,user_name\n'))))).toMatchObject({
    kind: 'users',
  });
});

test('says what is missing, and what to do', async () => {
  await expect(sniff(write('c.csv', 'one,two\n'))).rejects.toMatchObject({
    message: expect.stringContaining('Its columns: one, two'),
    todo: expect.stringContaining('--songs'),
  });
  await expect(sniff(join(dir, 'none.csv'))).rejects.toThrow('there is no such file');
  await expect(sniff(dir)).rejects.toThrow('is no file');
  await expect(sniff(write('d.csv', ''))).rejects.toThrow('is empty');
});

test('a damaged archive is an error that names the file', async () => {
  const whole = gzipSync(STREAM.repeat(50_000));
  whole.fill(0x55, 15, 60);
  await expect(sniff(write('e.gz', whole))).rejects.toThrow(/e\.gz looks like gzip and cannot be unpacked/);
});

test('a file that is no text is called what it is, also where somebody insists', async () => {
  const zip = write('f.csv', Buffer.from('504b0304140000000800', 'hex'));
  const unknown = write('g.csv', Buffer.from([1, 2, 0, 3]));
  await expect(sniff(zip)).rejects.toThrow(/f\.csv is a ZIP archive .*: neither CSV, JSON lines nor Parquet/);
  await expect(sniffAs(zip, 'songs')).rejects.toThrow('is a ZIP archive');
  await expect(sniff(write('h.gz', gzipSync(Buffer.from([1, 2, 0, 3]))))).rejects.toThrow('is binary data');
  await expect(sniff(unknown)).rejects.toThrow('is binary data');
  await expect(sniff(write('i.csv', Buffer.from('\ufeffuser_id,track_id', 'utf16le')))).rejects.toThrow(
    'text in UTF-16',
  );
});

test('columns of a stream that mean nothing are named; those of reference files are many by custom', async () => {
  const stream = write('j.csv', 'User_ID,song_id,timestamp,mood,,Duration,city\n1,a,2,x,,3,y\n');
  expect(await sniff(stream)).toEqual({ kind: 'stream', ignored: ['mood', 'city'] });
  expect(await sniff(write('k.csv', ',track_id,duration_ms,danceability\n'))).toEqual({ kind: 'songs', ignored: [] });
});
