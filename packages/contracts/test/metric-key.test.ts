import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { metricKey } from '../src/index.ts';

/** A long text: parts, each with how often it is repeated. */
const Text = z.array(z.tuple([z.string(), z.int()]));
const textOf = (parts: z.infer<typeof Text>): string => parts.map(([part, times]) => part.repeat(times)).join('');

/** The same cases hold the keys that load writes in Python. */
const Case = z.object({ name: z.string(), metric: z.string(), dimension: Text.nullable(), expected: Text });
const cases = z.array(Case).parse(JSON.parse(readFileSync(join(__dirname, '../cases/metric-key.json'), 'utf8')));

test.each(cases.map((each) => [each.name, each] as const))('%s', (_, { metric, dimension, expected }) => {
  const key = metricKey(metric, dimension && textOf(dimension));
  expect(key).toBe(textOf(expected));
  expect(Buffer.byteLength(key)).toBeLessThanOrEqual(2048);
});
