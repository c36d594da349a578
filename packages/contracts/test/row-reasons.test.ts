import { readFileSync } from 'node:fs';
import { ROW_REASONS, rowsMetric } from '../src/index.ts';

test('the metric of a reason is its name in Pascal case', () => {
  expect(rowsMetric('timestamp_out_of_range')).toBe('RowsTimestampOutOfRange');
});

test('docs/kpis.md has the same reasons in the same order', () => {
  const section = readFileSync('docs/kpis.md', 'utf8').split('\n## Validation of a row\n')[1]?.split('\n## ')[0] ?? '';
  expect([...section.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, reason]) => reason)).toEqual(ROW_REASONS);
});
