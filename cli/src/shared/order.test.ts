import fc from 'fast-check';
import { compareKeys, compareUtf8, sortUtf8 } from './order.ts';

test('texts are in the order of their UTF-8 bytes, which is not that of UTF-16', () => {
  expect(sortUtf8(['😀', '\uFFFD', 'é', 'z', 'Z', ''])).toEqual(['', 'Z', 'z', 'é', '\uFFFD', '😀']);
});

test('agrees with comparing the bytes', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }),
  );
});

test('composite keys are compared part by part', () => {
  expect(compareKeys(['2018-11-15', 'b'], ['2018-11-15', 'a'])).toBeGreaterThan(0);
  expect(compareKeys(['a', 'z'], ['ab', 'a'])).toBeLessThan(0);
});
