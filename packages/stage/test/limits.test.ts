import { NOW } from '@music-etl/testing';
import { someLimits } from '@music-etl/testing/fake-stage';
import fc from 'fast-check';
import { backoff, secondsAfter } from '../src/domain/limits.ts';

test('the delay doubles with every try, up to the most that SQS can delay', () => {
  const waits = [1, 2, 3, 4, 20].map((n) => backoff(n, someLimits({ backoffBaseSeconds: 30 }), () => 1));
  expect(waits).toEqual([30, 60, 120, 240, 900]);
});

test('jitter takes off at most half of the delay, which stays in whole seconds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, random) => {
      const most = backoff(n, someLimits(), () => 1);
      const wait = backoff(n, someLimits(), () => random);
      expect(wait).toBeGreaterThanOrEqual(most / 2);
      expect(wait).toBeLessThanOrEqual(most);
      expect(Number.isInteger(wait)).toBe(true);
    }),
  );
});

test('a moment some seconds later has milliseconds and Z', () => {
  expect(secondsAfter(NOW, 90)).toBe('2026-11-23T10:11:30.000Z');
});
