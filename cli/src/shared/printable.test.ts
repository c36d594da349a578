import { printable } from './printable.ts';

test('control characters of a file are spelled out, so that they cannot act on the terminal', () => {
  expect(printable('a\u001b[31m\tb\u202e')).toBe('a\\u001b[31m\\u0009b\\u202e');
});

test('a text of more than 500 characters is cut, with its length', () => {
  expect(printable('x'.repeat(501))).toMatch(/x… \(of 501 characters\)$/);
});
