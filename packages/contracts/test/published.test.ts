import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { currentSchemas } from '../scripts/schemas.ts';
import { METRICS, Metric, STREAM_COLUMNS, StreamColumn } from '../src/index.ts';
import { breaks } from './support/breaks.ts';

const directory = join(__dirname, '../published');
const Schemas = z.record(z.string(), z.unknown());
const published = (name: string): unknown => JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8'));
const current = currentSchemas();

test('every kind of contract is published', () => {
  const files = [...Object.keys(current), 'metric-entries', 'column-entries'].map((name) => `${name}.json`).sort();
  expect(readdirSync(directory).sort()).toEqual(files);
});

test.each(Object.keys(current))('%s only gain: nothing published is removed or made stricter', (name) => {
  const before = Schemas.parse(published(name));
  expect(Object.entries(before).flatMap(([schema, it]) => breaks(it, current[name]?.[schema], schema))).toEqual([]);
});

test('a published metric keeps its key, its period and its fields', () => {
  const before = z.array(Metric).parse(published('metric-entries'));
  for (const { name, key, period, fields } of before) {
    expect(METRICS.find((metric) => metric.name === name)).toMatchObject({ key, period, fields });
  }
});

test('a published column keeps its aliases and its type, and never becomes required', () => {
  const before = z.array(StreamColumn).parse(published('column-entries'));
  for (const { name, aliases, required, type } of before) {
    const now = STREAM_COLUMNS.find((column) => column.name === name);
    expect(now).toMatchObject({ aliases: expect.arrayContaining(aliases), required, type });
  }
});

const Before = z.object({ a: z.string(), state: z.enum(['x', 'y']), list: z.array(z.object({ n: z.int() })) });
const changes: [string, z.ZodType, string[]][] = [
  ['nothing', Before, []],
  ['a new optional property', Before.extend({ b: z.string().optional() }), []],
  ['a new enum value', Before.extend({ state: z.enum(['x', 'y', 'z']) }), []],
  ['a new required property', Before.extend({ b: z.string() }), ['T.b is required now']],
  ['a property taken away', Before.omit({ a: true }), ['T.a is gone', 'T.a may be absent now']],
  ['a property that may be absent', Before.extend({ a: z.string().optional() }), ['T.a may be absent now']],
  ['an enum value taken away', Before.extend({ state: z.enum(['x']) }), ['T.state does not know y any more']],
  ['a stricter text', Before.extend({ a: z.string().min(1) }), ['T.a (minLength) was undefined and is 1']],
  ['another type', Before.extend({ a: z.boolean() }), ['T.a (type) was "string" and is "boolean"']],
  [
    'a change deep inside',
    Before.extend({ list: z.array(z.object({})) }),
    ['T.list[].n is gone', 'T.list[].n may be absent now'],
  ],
];

test.each(changes)('%s: breaks are found', (_, after, expected) => {
  expect(breaks(z.toJSONSchema(Before), z.toJSONSchema(after), 'T')).toEqual(expected);
});
