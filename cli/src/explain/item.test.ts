import type { Metric } from '@music-etl/contracts';
import { itemFields, itemOrigin } from './item.ts';

const METRIC: Metric = {
  name: 'top_genres',
  key: null,
  period: 'date',
  fields: { listen_count: 'integer', genres: { entries: { rank: 'integer', genre: 'text' } } },
};

test("fields and list entries have the contract's order, whatever the order in the table", () => {
  const fields = itemFields(METRIC, {
    genres: { L: [{ M: { genre: { S: 'rock' }, rank: { N: '1' } } }, { M: { rank: { N: '2' } } }] },
    listen_count: { N: '7' },
  });
  expect(JSON.stringify(fields)).toBe(
    '{"listen_count":7,"genres":[{"rank":1,"genre":"rock"},{"rank":2,"genre":null}]}',
  );
});

test('a missing field is null', () => {
  expect(itemFields(METRIC, { genres: { L: [] } })).toEqual({ listen_count: null, genres: [] });
});

test('an item has its generation, run and reference data', () => {
  const texts = { run_id: { S: 'r' }, reference_version: { S: 's' }, computed_at: { S: '2026-11-24T08:00:03.000Z' } };
  expect(itemOrigin({ generation: { N: '4' }, ...texts })).toMatchObject({ generation: 4, run_id: 'r' });
  expect(() => itemOrigin(texts)).toThrow('generation');
});
