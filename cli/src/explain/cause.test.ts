import { aReplay, aRun, aRunFile } from '../testing/builders.ts';
import { causeOf } from './cause.ts';

const run = aRun().document;
if (!run) throw new Error('the builder has a document');
const replayed = { ...aRunFile('streams/a.csv'), replay: aReplay({ why: 'users patched' }) };

test('the cause of a run names arrivals, replays with their reason, and new reference data', () => {
  expect(causeOf({ ...run, files: [aRunFile('streams/b.csv'), replayed] }).text).toBe(
    'arrival of streams/b.csv; streams/a.csv reprocessed: users patched; new reference data',
  );
  const many = ['d', 'c', 'b', 'a', 'e'].map((name) => aRunFile(`streams/${name}.csv`));
  expect(causeOf({ ...run, reference_changed: false, files: many }).text).toBe(
    'arrival of streams/a.csv, streams/b.csv, streams/c.csv and 2 more files',
  );
});

test('a run of replays alone is a replay, one with dates is a backfill, a missing one is unknown', () => {
  expect(causeOf({ ...run, files: [replayed] })).toMatchObject({ kind: 'replay' });
  expect(causeOf({ ...run, dates: ['2018-11-15'], why: 'new songs' })).toMatchObject({
    kind: 'backfill',
    text: 'backfill: new songs',
  });
  expect(causeOf(null)).toMatchObject({ kind: 'unknown' });
});
