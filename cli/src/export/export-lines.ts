import { contentVersion, type FileDocument, type FileVersion, type Metric } from '@music-etl/contracts';
import { compareUtf8 } from '../shared/order.ts';
import { EMPTY_LEDGER } from '../shared/versions.ts';

/** An attribute as DynamoDB gives it, as far as items of the table have them. */
export interface Attribute {
  S?: string;
  N?: string;
  BOOL?: boolean;
  NULL?: boolean;
  L?: Attribute[];
  M?: Record<string, Attribute>;
}
export type Item = Record<string, Attribute>;
/** A line of an export, and what it is sorted by. */
export interface Line {
  sort: string[];
  text: string;
}

/** How the fields of list entries stand; DynamoDB keeps no order in maps. Others follow by name. */
const NESTED = [
  'rank',
  'hour',
  'genre',
  'artist',
  'track_id',
  'track_name',
  'artists',
  'listen_count',
  'unique_listeners',
  'plays_24h',
  'plays_prev_24h',
];

const nestedOrder = (a: string, b: string): number => {
  const left = NESTED.indexOf(a);
  const right = NESTED.indexOf(b);
  if (left >= 0 && right >= 0) return left - right;
  if (left >= 0 || right >= 0) return left >= 0 ? -1 : 1;
  return compareUtf8(a, b);
};

const pairs = (entries: readonly (readonly [string, string])[]): string =>
  `{${entries.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;

/** JSON of an attribute, its numbers as the table has them: nothing passes through floating point. */
export const attributeJson = (value: Attribute | undefined): string => {
  if (value === undefined || value.NULL) return 'null';
  if (value.S !== undefined) return JSON.stringify(value.S);
  if (value.N !== undefined) return value.N;
  if (value.BOOL !== undefined) return String(value.BOOL);
  if (value.L !== undefined) return `[${value.L.map(attributeJson).join(',')}]`;
  if (value.M !== undefined) {
    const entries = Object.entries(value.M).sort(([a], [b]) => nestedOrder(a, b));
    return pairs(entries.map(([name, inner]) => [name, attributeJson(inner)]));
  }
  throw new Error(`an attribute of unexpected type: ${Object.keys(value).join()}`);
};

const textOf = (item: Item, name: string): string => {
  const text = item[name]?.S;
  if (text === undefined) throw new Error(`an item of the table has no ${name}: ${JSON.stringify(item).slice(0, 200)}`);
  return text;
};

/**
 * The item's line: its key as plain fields, then the metric's fields in the contract's order. The key is the item's own
 * attribute, since metric_key has only the beginning of a long one.
 */
export const metricLine = (metric: Metric, item: Item): Line => {
  const period = textOf(item, 'period');
  const key = metric.key === null ? null : textOf(item, metric.key);
  const head: [string, string][] = [[metric.period, JSON.stringify(period)]];
  if (metric.key !== null) head.push([metric.key, JSON.stringify(key)]);
  const fields = Object.keys(metric.fields).map((name): [string, string] => [name, attributeJson(item[name])]);
  return { sort: key === null ? [period] : [period, key], text: pairs([...head, ...fields]) };
};

/** The version is that of the content: the same whether rows were accepted at once or by a replay. */
export const fileLine = (file: FileDocument, version: FileVersion): Line => {
  const { read, accepted, quarantined, duplicate } = version.ledger ?? EMPTY_LEDGER;
  const sorted = Object.fromEntries(Object.entries(quarantined).sort(([a], [b]) => compareUtf8(a, b)));
  return {
    sort: [file.key, String(contentVersion(version)).padStart(9, '0')],
    text: JSON.stringify({
      key: file.key,
      version: contentVersion(version),
      state: version.state,
      read,
      accepted,
      quarantined: sorted,
      duplicate,
    }),
  };
};
