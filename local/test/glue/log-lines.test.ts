import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchLines, tailLines } from '../../src/glue/log-lines.ts';

describe('log lines', () => {
  it('are read once each and complete, an unfinished one only at the end', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'log-lines-'));
    const path = join(directory, 'out');
    const tail = tailLines(path);
    expect(await tail.read(false)).toEqual([]);
    writeFileSync(path, 'one\ntw');
    expect(await tail.read(false)).toEqual(['one']);
    writeFileSync(path, 'o\n\nthrée', { flag: 'a' });
    expect(await tail.read(false)).toEqual(['two']);
    expect(await tail.read(true)).toEqual(['thrée']);
    rmSync(directory, { recursive: true });
  });

  it('are sent in batches within the limits of CloudWatch Logs', () => {
    expect(batchLines([])).toEqual([]);
    expect(batchLines(Array(2_500).fill('x')).map((batch) => batch.length)).toEqual([1_000, 1_000, 500]);
    expect(batchLines(Array(20).fill('y'.repeat(70_000))).map((batch) => batch.length)).toEqual([14, 6]);
  });
});
