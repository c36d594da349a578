import { count, table } from '../shared/format.ts';
import { printable } from '../shared/printable.ts';
import type { Json } from './item.ts';

type Row = { [name: string]: Json };

const isRow = (value: Json): value is Row => value !== null && typeof value === 'object' && !Array.isArray(value);

/** Renders a value on one line. */
const valueWords = (value: Json): string => {
  if (value === null) return 'none';
  if (typeof value === 'number') return count(value);
  if (typeof value === 'string') return printable(value);
  return typeof value === 'boolean' ? String(value) : printable(JSON.stringify(value));
};

const rowsOf = (value: Json | undefined): Row[] | null =>
  Array.isArray(value) && value.every(isRow) ? value.filter(isRow) : null;

const tableOf = (rows: readonly Row[], indent: string): string[] => {
  const names = Object.keys(rows[0] ?? {});
  const columns = names.map((name) => ({ title: name, right: typeof rows[0]?.[name] === 'number', max: 40 }));
  return table(
    columns,
    rows.map((row) => names.map((name) => valueWords(row[name] ?? null))),
    indent,
  );
};

/** Renders an item's fields: a line each, and a table for a list. */
export const fieldLines = (fields: Readonly<Record<string, Json>>): string[] => {
  const entries = Object.entries(fields);
  const width = Math.max(0, ...entries.flatMap(([name, value]) => (rowsOf(value) ? [] : [name.length])));
  return entries.flatMap(([name, value]) => {
    const rows = rowsOf(value);
    if (rows === null) return [`  ${name.padEnd(width)}  ${valueWords(value)}`];
    return rows.length === 0 ? [`  ${name}  none`] : [`  ${name}`, ...tableOf(rows, '    ')];
  });
};

const rowWords = (row: Row): string => Object.values(row).map(valueWords).join(' · ');

/** Renders the difference of two lists; a changed row appears as removed and as added. */
const listChange = (name: string, before: readonly Row[], after: readonly Row[]): string[] => {
  const [old, now] = [before.map(rowWords), after.map(rowWords)];
  return [
    `${name}:`,
    ...old.filter((row) => !now.includes(row)).map((row) => `  - ${row}`),
    ...now.filter((row) => !old.includes(row)).map((row) => `  + ${row}`),
  ];
};

/** Renders changed fields, old → new: a line each, and several for a list. */
export const changeLines = (
  old: Readonly<Record<string, Json>> | null,
  now: Readonly<Record<string, Json>> | null,
): string[] => {
  const names = Object.keys(now ?? old ?? {});
  const head = old === null ? ['the item is new'] : now === null ? ['the item has vanished'] : [];
  const changed = names.flatMap((name) => {
    const [before, after] = [old?.[name] ?? null, now?.[name] ?? null];
    const [oldRows, newRows] = [rowsOf(before), rowsOf(after)];
    if (oldRows !== null || newRows !== null) return listChange(name, oldRows ?? [], newRows ?? []);
    if (old === null) return [`${name} ${valueWords(after)}`];
    if (now === null) return [`${name} was ${valueWords(before)}`];
    return [`${name} ${valueWords(before)} → ${valueWords(after)}`];
  });
  return [...head, ...changed];
};
