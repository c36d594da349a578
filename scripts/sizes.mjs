/** `npm test -- sizes`: rejects files, Python functions and test names that are too long. Biome limits TypeScript's. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './setup.mjs';
import { trackedFiles } from './tracked-files.mjs';

const LONGEST_FILE = 200;
const LONGEST_FUNCTION = 40;
const LONGEST_TEST_NAME = 100;

/** A test's name: the first argument of `test` or `it`, or of what their `each` returns. */
const TEST_NAME = /(?:\b(?:test|it)(?:\.only|\.skip)?|\))\(\s*(['"`])((?:\\.|(?!\1)[^\\\n])*)\1\s*,/g;
const IS_TEST = /(^|\/)tests?\/|\.test\.ts$/;

/** Returns the names of the tests in a TypeScript file, each with its line. */
export const testNames = (text) =>
  [...text.matchAll(TEST_NAME)].map((match) => ({
    name: match[2].replace(/\\(.)/g, '$1'),
    line: text.slice(0, match.index).split('\n').length,
  }));

/** Returns what is too long in a file. Tests may be longer than source files. */
export const sizesOf = (path, text) => {
  const lines = text.replace(/\n$/, '').split('\n').length;
  const isTest = IS_TEST.test(path);
  const names = isTest && path.endsWith('.ts') ? testNames(text) : [];
  return [
    ...(!isTest && lines > LONGEST_FILE ? [`${path}: ${lines} lines, at most ${LONGEST_FILE}`] : []),
    ...names
      .filter(({ name }) => name.length > LONGEST_TEST_NAME)
      .map(
        ({ name, line }) => `${path}:${line}: a test name of ${name.length} characters, at most ${LONGEST_TEST_NAME}`,
      ),
  ];
};

/** Returns what is too long in a Python function, or in its name if it is a test. */
export const functionSizes = ({ path, name, line, lines }) => [
  ...(lines > LONGEST_FUNCTION ? [`${path}:${line}: ${name} has ${lines} lines, at most ${LONGEST_FUNCTION}`] : []),
  ...(name.startsWith('test_') && name.length > LONGEST_TEST_NAME
    ? [`${path}:${line}: a test name of ${name.length} characters, at most ${LONGEST_TEST_NAME}`]
    : []),
];

const pythonFunctions = (paths) => {
  const args = ['scripts/python_functions.py', ...paths];
  return JSON.parse(
    execFileSync(join(root, '.venv/bin/python'), args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 }),
  );
};

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const paths = trackedFiles(/\.(ts|mjs|cjs|py|sql)$/);
  const functions = pythonFunctions(paths.filter((path) => path.endsWith('.py')));
  const findings = [
    ...paths.flatMap((path) => sizesOf(path, readFileSync(join(root, path), 'utf8'))),
    ...functions.flatMap(functionSizes),
  ];
  for (const finding of findings) console.log(finding);
  console.log(findings.length === 0 ? `sizes: ${paths.length} files are fine` : `sizes: ${findings.length} findings`);
  process.exit(findings.length === 0 ? 0 : 1);
}
