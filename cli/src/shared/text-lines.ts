import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { UserError } from './errors.ts';
import { splitLines } from './split-lines.ts';

/** Reads the lines of a text file, or of standard input for `-`. @throws UserError where there is no such file */
export const linesOf = async (path: string): Promise<AsyncIterable<string>> => {
  if (path === '-') return splitLines(process.stdin);
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new UserError(`${path}: there is no such file`, 'check the name');
  return splitLines(createReadStream(path));
};
