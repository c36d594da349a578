import type { Measurement } from '@music-etl/stage';
import { NOW } from '@music-etl/testing';
import { measurePending } from '../src/app/measure-pending.ts';

const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);

const measured = async (objects: Readonly<Record<string, readonly Date[]>>): Promise<Measurement[]> => {
  const result: Measurement[] = [];
  await measurePending({
    writtenUnder: async (prefix) => objects[prefix] ?? [],
    now: () => NOW,
    meter: (measurements) => void result.push(...measurements),
  });
  return result;
};

test('arrivals and replays in no run are counted, and the age of the oldest is measured', async () => {
  const objects = { 'processed/pending/': [ago(5), ago(90)], 'processed/replays/': [ago(120)] };
  expect(await measured(objects)).toEqual([
    { name: 'PendingFiles', value: 3 },
    { name: 'OldestPendingSeconds', value: 120 },
  ]);
});

test('waiting files are not pending, and without pending files the age is 0', async () => {
  expect(await measured({ 'processed/waiting/': [ago(9000)] })).toEqual([
    { name: 'PendingFiles', value: 0 },
    { name: 'OldestPendingSeconds', value: 0 },
  ]);
});
