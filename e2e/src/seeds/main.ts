/** The program of `scripts/fault-seeds.mjs`, which describes the options. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { FAULT_RATES } from '@music-etl/local';
import { cutPower } from '@music-etl/testing/power-cut';
import { processesNaming } from '@music-etl/testing/processes';
import { z } from 'zod';
import { runSeeds } from './run-seeds.ts';
import { interruptWorkers } from './workers.ts';

const Options = z.object({
  seeds: z
    .string()
    .regex(/^\d+-\d+$/, 'not FROM-TO')
    .transform((text) => text.split('-').map(Number)),
  level: z.string().refine((level) => Object.keys(FAULT_RATES).includes(level), 'not a level'),
  workers: z.coerce.number().int().positive(),
  results: z.string(),
  data: z.coerce.number().int(),
});

const readOptions = (): z.infer<typeof Options> => {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1-200' },
      level: { type: 'string', default: 'heavy' },
      workers: { type: 'string', default: '4' },
      results: { type: 'string', default: 'out/fault-seeds.jsonl' },
      // A small directory of several dates, with files that are archived, rejected and on hold.
      data: { type: 'string', default: '2' },
    },
  });
  return Options.parse(values);
};

const main = async (): Promise<void> => {
  const options = readOptions();
  const dir = mkdtempSync(join(tmpdir(), 'music-etl-seeds-'));
  const cleanUp = async (): Promise<void> => {
    // The supervisors of a killed worker's local stack clean up by themselves within a few seconds.
    for (let i = 0; i < 60 && processesNaming(dir).length > 0; i += 1) await sleep(250);
    await cutPower(dir);
    rmSync(dir, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      interruptWorkers();
      void cleanUp().finally(() => process.exit(130));
    });
  }
  try {
    process.exitCode = (await runSeeds(options, dir)) ? 0 : 1;
  } finally {
    await cleanUp();
  }
};

await main();
