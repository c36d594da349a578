import { functionSizes, sizesOf, testNames } from './sizes.mjs';

const lines = (count: number): string => 'x\n'.repeat(count);
const long = 'n'.repeat(101);

test.each([
  ["test('one', () => {});", ['one']],
  ["  it.only('it\\'s one', async () => {});", ["it's one"]],
  ["test.each([\n  ['a', f(1)],\n])(\n  '%s: two',\n  (name) => {},\n);", ['%s: two']],
  ["const text = 'test';\nexpect(f('one')).toBe('two');", []],
])('the names of tests are found: %j', (text, names) => {
  expect(testNames(text).map(({ name }) => name)).toEqual(names);
});

test('a source file of more than 200 lines is too long, a test is not', () => {
  expect(sizesOf('cli/src/main.ts', lines(200))).toEqual([]);
  expect(sizesOf('cli/src/main.ts', lines(201))).toEqual(['cli/src/main.ts: 201 lines, at most 200']);
  expect(sizesOf('cli/src/main.test.ts', lines(201))).toEqual([]);
});

test('a test name of more than 100 characters is too long', () => {
  const text = `\ntest('${long}', () => {});\ntest('${long.slice(1)}', () => {});\n`;
  expect(sizesOf('a.test.ts', text)).toEqual(['a.test.ts:2: a test name of 101 characters, at most 100']);
});

test('a Python function of more than 40 lines is too long, and so is the name of a test', () => {
  const found = { path: 'a.py', name: 'work', line: 3, lines: 40 };
  expect(functionSizes(found)).toEqual([]);
  expect(functionSizes({ ...found, lines: 41 })).toEqual(['a.py:3: work has 41 lines, at most 40']);
  expect(functionSizes({ ...found, name: `test_${long}` })).toEqual([
    'a.py:3: a test name of 106 characters, at most 100',
  ]);
});
