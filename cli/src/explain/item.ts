import type { Metric } from '@music-etl/contracts';
import { z } from 'zod';
import { attributeJson, type Item } from '../shared/aws/item.ts';
import { fieldJson } from '../shared/field-json.ts';

/** Where an item comes from, as every item says. */
const ItemOrigin = z.object({
  generation: z.int(),
  run_id: z.string(),
  reference_version: z.string(),
  computed_at: z.string(),
});
export type ItemOrigin = z.infer<typeof ItemOrigin>;

/** A value of JSON. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
const Json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(Json), z.record(z.string(), Json)]),
);

export const parseJson = (value: unknown): Json => Json.parse(value);

/** Reads the origin of an item. */
export const itemOrigin = (item: Item): ItemOrigin => ItemOrigin.parse(JSON.parse(attributeJson({ M: item })));

/** Reads the metric's fields of an item, in the contract's order. */
export const itemFields = (metric: Metric, item: Item): Record<string, Json> =>
  Object.fromEntries(
    Object.entries(metric.fields).map(([name, field]) => [name, parseJson(JSON.parse(fieldJson(field, item[name])))]),
  );
