import type { Measurement } from '@music-etl/stage';
import { measurePending } from '../src/app/measure-pending.ts';

const NOW = new Date('2026-11-23T10:10:00.000Z');
const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000);

const measured = async (objects: Readonly<Record<string, readonly Date[]>>): Promise<Measurement[]> => {
  const taken: Measurement[] = [];
  await measurePending({
    writtenUnder: async (prefix) => objects[prefix] ?? [],
    now: () => NOW,
    meter: (measurements) => void taken.push(...measurements),
  });
  return taken;
};

test('arrivals and replays that no run has taken are counted, and the oldest of both is told', async () => {
  const objects = { 'processed/pending/': [ago(5), ago(90)], 'processed/replays/': [ago(120)] };
  expect(await measured(objects)).toEqual([
    { name: 'PendingFiles', value: 3 },
    { name: 'OldestPendingSeconds', value: 120 },
  ]);
});

test('files that wait for reference data wait for a person and are not pending; without any nothing is old', async () => {
  expect(await measured({ 'processed/waiting/': [ago(9000)] })).toEqual([
    { name: 'PendingFiles', value: 0 },
    { name: 'OldestPendingSeconds', value: 0 },
  ]);
});
