/** One local stack after the other, a seed each, as the coordinator says; its arguments are the directories it needs. */
import { join } from 'node:path';
import { z } from 'zod';
import { parseFaults } from '../../../cli/src/run/faults.ts';
import { readExport } from '../tool.ts';
import { type Deployed, floorsOf } from './deployed.ts';
import { type Pass, passThrough } from './pass.ts';
import type { SeedRecord } from './record.ts';

const [dir = '', template = '', data = '', calmExport = '', evidence = '', level = ''] = process.argv.slice(2);

const differing = (calm: Record<string, string>, found: Record<string, string>): string[] =>
  [...new Set([...Object.keys(calm), ...Object.keys(found)])].filter((name) => calm[name] !== found[name]);

const memory = (): number => Math.round(process.memoryUsage().rss / 1024 ** 2);

const validate = ({ exported, why }: Pass, calm: Record<string, string>): Pick<SeedRecord, 'outcome' | 'why'> => {
  if (exported === null) return { outcome: 'hand', why: [...why] };
  const differs = differing(calm, exported);
  return { outcome: differs.length + why.length > 0 ? 'differs' : 'equal', why: [...differs, ...why] };
};

const runSeed = async (deployed: Deployed, calm: Record<string, string>, seed: number): Promise<SeedRecord> => {
  const began = Date.now();
  const pass = await passThrough({
    deployed,
    data,
    dir: join(evidence, `seed-${seed}`),
    faults: parseFaults(`${seed}:${level}`),
    isGood: (found) => validate(found, calm).outcome === 'equal',
  });
  const { injected = {}, attempts = 0 } = pass.faults ?? {};
  const seconds = Math.round((Date.now() - began) / 1000);
  return { seed, level, ...validate(pass, calm), injected: { ...injected }, attempts, seconds, memory: memory() };
};

const tell = (message: unknown): void => void process.send?.(message);

const main = async (): Promise<void> => {
  const deployed = await floorsOf(template, dir);
  const calm = await readExport(calmExport);
  tell('ready');
  process.on('message', (message) => {
    const seed = z.int().parse(message);
    runSeed(deployed, calm, seed).then(tell, (error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
  process.on('disconnect', () => process.exit(0));
};

await main();
