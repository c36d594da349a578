import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExportDirectory } from './export-directory.ts';
import type { Line } from './export-lines.ts';
import { sortedLines } from './sorted-lines.ts';

const base = mkdtempSync(join(tmpdir(), 'export-'));
afterAll(() => rmSync(base, { recursive: true }));

async function* from<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

const writeExport = async (out: string, text: string): Promise<void> => {
  const directory = await ExportDirectory.begin(out);
  await directory.write('files.jsonl', from([text]));
  await directory.commit();
};

test('an export appears at its end, and replaces an earlier one', async () => {
  const out = join(base, 'deep', 'out');
  await writeExport(out, 'one');
  expect(readFileSync(join(out, 'files.jsonl'), 'utf8')).toBe('one\n');
  await writeExport(out, 'two');
  expect(readFileSync(join(out, 'files.jsonl'), 'utf8')).toBe('two\n');
  expect(readdirSync(join(base, 'deep'))).toEqual(['out']);
});

test('a directory that holds other files is rejected', async () => {
  const out = join(base, 'mine');
  mkdirSync(out);
  writeFileSync(join(out, 'thesis.docx'), '');
  await expect(ExportDirectory.begin(out)).rejects.toThrow('holds files that are no export');
  await expect(ExportDirectory.begin(join(out, 'thesis.docx'))).rejects.toThrow('is a file');
});

test('an abandoned export leaves nothing', async () => {
  const directory = await ExportDirectory.begin(join(base, 'never'));
  await directory.abandon();
  expect(existsSync(join(base, 'never'))).toBe(false);
  expect(readdirSync(base).filter((name) => name.includes('never'))).toEqual([]);
});

test('lines that do not fit into memory are sorted in chunks on disk', async () => {
  const lines: Line[] = Array.from({ length: 1000 }, (_, i) => {
    const key = String((i * 7919) % 1000).padStart(4, '0');
    return { sort: ['d', key], text: `line ${key}\u2028` };
  });
  const sorted: string[] = [];
  for await (const text of sortedLines(from(lines), base, 64)) sorted.push(text);
  expect(sorted).toEqual(Array.from({ length: 1000 }, (_, i) => `line ${String(i).padStart(4, '0')}\u2028`));
  expect(readdirSync(base).filter((name) => name.startsWith('sort-'))).toEqual([]);
});
