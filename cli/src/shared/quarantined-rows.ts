import { z } from 'zod';
import { readJsonLines } from './json-lines.ts';
import type { Objects } from './ports.ts';

const QuarantinedRow = z.object({
  /** Counts the file's rows from 1; a CSV header and blank lines are no rows. */
  row: z.int().nullish().default(null),
  reason: z.string(),
  detail: z.string().nullish().default(null),
  raw: z.string().nullish().default(null),
});
export type QuarantinedRow = z.infer<typeof QuarantinedRow>;

/** Reads the quarantined rows of one file version, in the order of the file. */
export async function* readQuarantinedRows(
  objects: Pick<Objects, 'open'>,
  quarantineKey: string,
): AsyncGenerator<QuarantinedRow> {
  for await (const line of readJsonLines(objects, quarantineKey)) yield QuarantinedRow.parse(line);
}
