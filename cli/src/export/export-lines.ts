import { contentVersion, type FileDocument, type FileVersion, type Metric } from '@music-etl/contracts';
import { type Item, objectJson } from '../shared/aws/item.ts';
import { fieldJson } from '../shared/field-json.ts';
import { EMPTY_LEDGER } from '../shared/ledgers.ts';
import { compareUtf8 } from '../shared/order.ts';
import type { QuarantinedRow } from '../shared/quarantined-rows.ts';

/** A line of an export, and the key that it is sorted by. */
export interface Line {
  sort: string[];
  text: string;
}

const textOf = (item: Item, name: string): string => {
  const text = item[name]?.S;
  if (text === undefined) throw new Error(`an item of the table has no ${name}: ${JSON.stringify(item).slice(0, 200)}`);
  return text;
};

/**
 * Writes an item's line: its key as plain fields, then the metric's fields in the contract's order. The key is the
 * item's own attribute, since metric_key has only the beginning of a long one.
 */
export const metricLine = (metric: Metric, item: Item): Line => {
  const period = textOf(item, 'period');
  const key = metric.key === null ? null : textOf(item, metric.key);
  const head: [string, string][] = [[metric.period, JSON.stringify(period)]];
  if (metric.key !== null) head.push([metric.key, JSON.stringify(key)]);
  const fields = Object.entries(metric.fields).map(([name, field]): [string, string] => [
    name,
    fieldJson(field, item[name]),
  ]);
  return { sort: key === null ? [period] : [period, key], text: objectJson([...head, ...fields]) };
};

/** Writes a file's line. Its version is that of the content, whether rows were accepted at once or by a replay. */
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

/** Writes a quarantined row's line. */
export const quarantineLine = (key: string, { reason, detail, raw }: QuarantinedRow): Line => ({
  sort: [key, reason, detail ?? '', raw ?? ''],
  text: JSON.stringify({ key, reason, detail, raw }),
});
