import fc from 'fast-check';
import { backoff, secondsAfter } from '../src/domain/limits.ts';
import { NOW, someLimits } from './support/records.ts';

test('the wait doubles with every try, up to what SQS can delay', () => {
  const waits = [1, 2, 3, 4, 20].map((n) => backoff(n, someLimits({ backoffBaseSeconds: 30 }), () => 1));
  expect(waits).toEqual([30, 60, 120, 240, 900]);
});

test('chance takes away at most half of the wait, and nothing but whole seconds come out', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, chance) => {
      const most = backoff(n, someLimits(), () => 1);
      const wait = backoff(n, someLimits(), () => chance);
      expect(wait).toBeGreaterThanOrEqual(most / 2);
      expect(wait).toBeLessThanOrEqual(most);
      expect(Number.isInteger(wait)).toBe(true);
    }),
  );
});

test('a moment some seconds later is written with milliseconds and Z', () => {
  expect(secondsAfter(NOW, 90)).toBe('2026-11-23T10:11:30.000Z');
});
