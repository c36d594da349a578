import { parseWhy } from './request.ts';

test('a reason is trimmed, and neither empty nor longer than 1,000 characters', () => {
  expect(parseWhy('  checked with the label ')).toBe('checked with the label');
  expect(() => parseWhy(' ')).toThrow('--why is empty');
  expect(() => parseWhy('x'.repeat(1001))).toThrow('--why has 1001 characters');
});
