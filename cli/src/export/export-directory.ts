import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../shared/errors.ts';
import type { Line } from './export-lines.ts';
import type { ExportSink } from './export-sink.ts';
import { sortedLines } from './sorted-lines.ts';

/** Marks a directory as an export, so that a later one may replace it. */
const MARK = 'files.jsonl';
const IS_EXPORTED = /^[a-z][a-z0-9_]*\.jsonl$/;

const entriesOf = async (path: string): Promise<string[] | null> => {
  const found = await stat(path).catch(() => null);
  if (!found) return null;
  if (!found.isDirectory()) throw new UserError(`${path} is a file`, 'name a directory for the export');
  return readdir(path);
};

/**
 * Checks that a directory is missing, empty or an earlier export.
 * @throws UserError for any other
 */
export const checkExportTarget = async (out: string): Promise<void> => {
  const entries = await entriesOf(out);
  if (!entries || entries.length === 0) return;
  if (entries.includes(MARK) && entries.every((name) => IS_EXPORTED.test(name))) return;
  const other = entries.find((name) => !IS_EXPORTED.test(name)) ?? entries[0];
  throw new UserError(
    `${out} holds files that are no export (${other}); nothing was written`,
    'name an empty or new directory',
  );
};

/** An export on disk. It is written to a directory beside `out`, which replaces `out` at the end. */
export class ExportDirectory implements ExportSink {
  private constructor(
    private readonly out: string,
    private readonly path: string,
  ) {}

  static async begin(out: string): Promise<ExportDirectory> {
    const target = resolve(out);
    await checkExportTarget(target);
    await mkdir(dirname(target), { recursive: true });
    const path = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
    await chmod(path, 0o755);
    return new ExportDirectory(target, path);
  }

  async write(name: string, lines: AsyncIterable<string>): Promise<number> {
    let written = 0;
    const source = Readable.from(
      (async function* () {
        for await (const line of lines) {
          written += 1;
          yield `${line}\n`;
        }
      })(),
    );
    await pipeline(source, createWriteStream(join(this.path, name)));
    return written;
  }

  sorted(lines: AsyncIterable<Line>): AsyncIterable<string> {
    return sortedLines(lines, this.path);
  }

  async commit(): Promise<void> {
    await checkExportTarget(this.out);
    const old = `${this.path}-old`;
    const replaces = await rename(this.out, old).then(
      () => true,
      () => false,
    );
    await rename(this.path, this.out);
    if (replaces) await rm(old, { recursive: true, force: true });
  }

  async abandon(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
