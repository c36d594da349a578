import { join } from 'node:path';
import { runProgram } from './program.ts';

const TESTS = join(process.cwd(), 'glue-scripts', 'tests');
const PYTHON = join(process.cwd(), '.venv', 'bin', 'python');

/** Runs a module of glue-scripts/tests: `await runModule('oracle.compare', expected, actual)`. */
export const runModule = (...args: string[]): Promise<string> => runProgram(PYTHON, ['-m', ...args], TESTS);
