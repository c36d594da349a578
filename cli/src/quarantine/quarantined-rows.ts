import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { splitLines } from '../export/lines.ts';
import type { Objects } from '../shared/ports.ts';

const QuarantinedRow = z.object({
  /** Counts the file's rows from 1; a CSV header and blank lines are no rows. */
  row: z.int().nullish().default(null),
  reason: z.string(),
  detail: z.string().nullish().default(null),
  raw: z.string().nullish().default(null),
});
export type QuarantinedRow = z.infer<typeof QuarantinedRow>;

/** The quarantined rows of one file version, in the order of the file. */
export async function* quarantinedRowsOf(objects: Objects, key: string): AsyncGenerator<QuarantinedRow> {
  const unzipped = pipeline(Readable.from(await objects.open(key)), createGunzip(), () => {});
  for await (const line of splitLines(unzipped)) {
    if (line !== '') yield QuarantinedRow.parse(JSON.parse(line));
  }
}
