import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { z } from 'zod';
import * as k from '../src/keys.ts';
import { STAGES } from '../src/stages.ts';

/** The same cases hold the keys of the Python jobs. A case without arguments is a constant. */
const Case = z.object({
  name: z.string(),
  arguments: z.array(z.union([z.string(), z.number()])).default([]),
  expected: z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]).nullable(),
});
const cases = z.array(Case).parse(JSON.parse(readFileSync(join(__dirname, '../cases/keys.json'), 'utf8')));

const RUN = '20261123T100502123-9f86d081';
const exported: Record<string, unknown> = k;
const camelCase = (name: string): string =>
  name === name.toUpperCase() ? name : name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

test('every key has a case: objects under it outlive every deployment', () => {
  const names = new Set(cases.map(({ name }) => camelCase(name)));
  expect(Object.keys(exported).filter((name) => !names.has(name))).toEqual([]);
});

const ours = cases.filter(({ name }) => camelCase(name) in exported);

test.each(ours.map((each) => [each.name, each.arguments, each.expected] as const))(
  '%s %j',
  (name, values, expected) => {
    const found = exported[camelCase(name)];
    expect(typeof found === 'function' ? found(...values) : found).toBe(expected);
  },
);

test('a file id is 32 hex digits of the UTF-8 key, the same for the same key only', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
      expect(k.fileId(a)).toMatch(/^[0-9a-f]{32}$/);
      expect(k.fileId(a) === k.fileId(b)).toBe(a === b);
    }),
  );
});

test('a marker names its file, whatever kind of marker it is', () => {
  const id = k.fileId('streams/a.csv');
  expect(k.fileIdOfMarker(k.pendingKey(id, 12))).toBe(id);
  expect(k.fileIdOfMarker(k.waitingKey(id))).toBe(id);
});

test("no stage's prefix finds the active runs of another stage", () => {
  for (const stage of STAGES) {
    const others = STAGES.filter((other) => other !== stage);
    for (const other of others) expect(k.activeKey(RUN, other).startsWith(k.activePrefix(stage))).toBe(false);
  }
});
