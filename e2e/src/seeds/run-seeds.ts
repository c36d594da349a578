import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { writeHostileDirectory } from '../hostile.ts';
import { deployOnce, freshStacks } from './deployed.ts';
import { addRecord, readRecords, removeCutOffLine, type SeedRecord } from './record.ts';
import { renderRecord, renderSummary } from './render.ts';
import { runDirectory } from './run-directory.ts';
import { runWorkers } from './workers.ts';

export interface SeedOptions {
  /** The first and the last seed. */
  readonly seeds: readonly number[];
  readonly level: string;
  readonly workers: number;
  readonly results: string;
  /** The seed of the hostile generator. */
  readonly data: number;
}

const range = ([from = 0, to = 0]: readonly number[]): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** Deploys the five services once, and exports the directory's KPIs without faults. */
const prepare = async (dir: string, data: string): Promise<{ template: string; baseline: string }> => {
  const screen = { line: (text: string) => console.log(text), progress: () => {} };
  const template = await deployOnce(dir, screen);
  const baseline = join(dir, 'baseline-export');
  const options = { stacks: await freshStacks(template, join(dir, 'baseline-stacks')), data, faults: null };
  const isExpected = ({ exported }: { exported: unknown }): boolean => exported !== null;
  const run = await runDirectory({ ...options, out: baseline, dir: join(dir, 'baseline'), isExpected });
  if (run.exported === null) throw new Error(`the run without faults did not end: ${run.why.join('; ')}`);
  return { template, baseline };
};

/** Runs the seeds without a result in the results file. Returns true if all seeds have the same export. */
export const runSeeds = async (options: SeedOptions, dir: string): Promise<boolean> => {
  const results = resolve(options.results);
  const evidence = `${results}.failed`;
  for (const each of [dirname(results), evidence]) mkdirSync(each, { recursive: true });
  removeCutOffLine(results);
  const data = join(dir, 'data');
  await writeHostileDirectory(options.data, data);
  const wanted = range(options.seeds);
  const wantedRecords = (): SeedRecord[] =>
    readRecords(results).filter(({ seed, level }) => level === options.level && wanted.includes(seed));
  const known = new Set(wantedRecords().map(({ seed }) => seed));
  const open = wanted.filter((seed) => !known.has(seed));
  console.log(`${open.length} of ${wanted.length} seeds to run, ${options.workers} at a time; results in ${results}`);
  const done = (record: SeedRecord): void => {
    addRecord(results, record);
    console.log(renderRecord(record));
  };
  const prepared = await prepare(dir, data);
  await runWorkers({ ...prepared, dir, data, evidence, level: options.level, open, done }, options.workers);
  const records = wantedRecords();
  for (const line of renderSummary(records)) console.log(line);
  return records.length === wanted.length && records.every(({ outcome }) => outcome === 'equal');
};
