import { z } from 'zod';
import { attributeJson, type Item } from './aws/item.ts';

const Header = z.object({
  period: z.string(),
  generation: z.int().nullish(),
  loading_generation: z.int().nullish(),
  ledger: z.object({ accepted: z.int(), counted: z.int(), skipped: z.int(), duplicate: z.int() }).nullish(),
});

/** The header of a date in the table. It is complete when all items of the date are of one generation. */
export interface DateHeader {
  date: string;
  complete: boolean;
  ledger: { accepted: number; counted: number; skipped: number; duplicate: number } | null;
}

/** Parses the item `header` / date of the table. */
export const parseHeader = (item: Item): DateHeader => {
  const plain: unknown = JSON.parse(attributeJson({ M: item }));
  const parsed = Header.safeParse(plain);
  if (!parsed.success) throw new Error(`a header item of the table cannot be read: ${JSON.stringify(plain)}`);
  const { period, generation, loading_generation, ledger } = parsed.data;
  const loading = loading_generation ?? generation;
  return { date: period, complete: loading === generation && generation != null, ledger: ledger ?? null };
};
