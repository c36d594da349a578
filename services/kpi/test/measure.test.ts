import { aKpiResult } from '@music-etl/testing';
import { onlyOf } from '@music-etl/testing/metrics';
import { measure } from '../src/domain/measure.ts';

const ledger = { accepted: 1, counted: 1, skipped: 0, duplicate: 0 };

test('dates are counted as published, or as overtaken by a newer generation', () => {
  const dates = [true, true, false].map((published, i) => ({
    date: `2026-11-0${i + 1}`,
    ledger,
    items: {},
    published,
  }));
  const measured = measure(aKpiResult({ dates }));
  expect(measured).toEqual([
    { name: 'DatesPublished', value: 2 },
    { name: 'DatesOvertaken', value: 1 },
  ]);
  expect(measured.map(({ name }) => name).sort()).toEqual(onlyOf('kpi'));
});
