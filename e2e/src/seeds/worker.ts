/** Runs the seeds that the coordinator sends, each on a fresh local stack. The arguments are its directories. */
import { join } from 'node:path';
import { z } from 'zod';
import { parseFaults } from '../../../cli/src/run/faults.ts';
import { readExport } from '../tool.ts';
import { type FreshStacks, freshStacks } from './deployed.ts';
import type { SeedRecord } from './record.ts';
import { type DirectoryRun, runDirectory } from './run-directory.ts';

const [dir = '', template = '', data = '', baselineDir = '', evidence = '', level = ''] = process.argv.slice(2);

type Export = Record<string, string>;

const differing = (baseline: Export, found: Export): string[] =>
  [...new Set([...Object.keys(baseline), ...Object.keys(found)])].filter((name) => baseline[name] !== found[name]);

const memory = (): number => Math.round(process.memoryUsage().rss / 1024 ** 2);

const compare = ({ exported, why }: DirectoryRun, baseline: Export): Pick<SeedRecord, 'outcome' | 'why'> => {
  if (exported === null) return { outcome: 'incomplete', why: [...why] };
  const differs = differing(baseline, exported);
  return { outcome: differs.length + why.length > 0 ? 'different' : 'equal', why: [...differs, ...why] };
};

const runSeed = async (stacks: FreshStacks, baseline: Export, seed: number): Promise<SeedRecord> => {
  const began = Date.now();
  const run = await runDirectory({
    stacks,
    data,
    dir: join(evidence, `seed-${seed}`),
    faults: parseFaults(`${seed}:${level}`),
    isExpected: (found) => compare(found, baseline).outcome === 'equal',
  });
  const { injected = {}, attempts = 0 } = run.faults ?? {};
  const seconds = Math.round((Date.now() - began) / 1000);
  return { seed, level, ...compare(run, baseline), injected: { ...injected }, attempts, seconds, memory: memory() };
};

const send = (message: unknown): void => void process.send?.(message);

const main = async (): Promise<void> => {
  const stacks = await freshStacks(template, dir);
  const baseline = await readExport(baselineDir);
  send('ready');
  process.on('message', (message) => {
    const seed = z.int().parse(message);
    runSeed(stacks, baseline, seed).then(send, (error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
  process.on('disconnect', () => process.exit(0));
};

await main();
