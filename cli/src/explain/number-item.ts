import type { Metric } from '@music-etl/contracts';
import { z } from 'zod';
import { attributeJson, type Item } from '../export/export-lines.ts';

/** What every item says of where it comes from. */
const ItemHead = z.object({
  generation: z.int(),
  run_id: z.string(),
  reference_version: z.string(),
  computed_at: z.string(),
});
export type ItemHead = z.infer<typeof ItemHead>;

export const itemHead = (item: Item): ItemHead => ItemHead.parse(JSON.parse(attributeJson({ M: item })));

/** A value that JSON knows. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
const Json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(Json), z.record(z.string(), Json)]),
);

/** The metric's fields of an item, in the contract's order. */
export const fieldsOf = (metric: Metric, item: Item): Record<string, Json> =>
  Object.fromEntries(
    Object.keys(metric.fields).map((name) => [name, Json.parse(JSON.parse(attributeJson(item[name])))]),
  );

export const parseJson = (value: unknown): Json => Json.parse(value);
