import { onlyOf } from '@music-etl/stage/test/support/measured';
import { measure } from '../src/domain/measure.ts';

const ledger = { accepted: 1, counted: 1, skipped: 0, duplicate: 0 };

test('dates are counted as published, or as overtaken by a newer generation', () => {
  const dates = [true, true, false].map((published, i) => ({
    date: `2026-11-0${i + 1}`,
    ledger,
    items: {},
    published,
  }));
  const measured = measure({
    schema_version: 1,
    run_id: '20261123T100502123-9f86d081',
    attempt: 1,
    committed_at: '2026-11-23T10:10:00.000Z',
    reference_version: 'r1',
    generation: 7,
    dates,
  });
  expect(measured).toEqual([
    { name: 'DatesPublished', value: 2 },
    { name: 'DatesOvertaken', value: 1 },
  ]);
  expect(measured.map(({ name }) => name).sort()).toEqual(onlyOf('kpi'));
});
