import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Upload, uploadOf } from '../put/upload.ts';
import type { Sample } from './sample/make-sample.ts';

/** Writes the sample to disk. Returns its files in waves: reference data with the first day, then a wave a day. */
export const writeSample = async (sample: Sample, dir: string): Promise<Upload[][]> => {
  await mkdir(dir, { recursive: true });
  const uploads: Upload[] = [];
  for (const { kind, name, bytes } of sample.files) {
    await writeFile(join(dir, name), bytes);
    uploads.push(uploadOf(join(dir, name), name, kind));
  }
  return sample.dates.map((date, day) =>
    uploads.filter(({ kind, path }) => (kind === 'stream' ? path.includes(`/${date}-`) : day === 0)),
  );
};
