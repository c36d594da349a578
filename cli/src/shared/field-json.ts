import type { Metric } from '@music-etl/contracts';
import { type Attribute, attributeJson, objectJson } from './aws/item.ts';

/** Writes the JSON of a metric's field. Entries of a list have the order of the contract: DynamoDB's maps have none. */
export const fieldJson = (field: Metric['fields'][string], value: Attribute | undefined): string => {
  if (typeof field === 'string' || value?.L === undefined) return attributeJson(value);
  const names = Object.keys(field.entries);
  const entries = value.L.map(({ M = {} }) => objectJson(names.map((name) => [name, attributeJson(M[name])])));
  return `[${entries.join(',')}]`;
};
