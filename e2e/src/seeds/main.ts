/** `scripts/fault-seeds.mjs` starts it; the options are told there. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { FAULT_RATES } from '@music-etl/local';
import { cutPower } from '@music-etl/testing/power-cut';
import { processesNaming } from '@music-etl/testing/processes';
import { z } from 'zod';
import { plainHostile } from '../tool.ts';
import { deployOnce, floorsOf } from './deployed.ts';
import { passThrough } from './pass.ts';
import { addRecord, patchRecords, readRecords, renderRecord, renderSummary, SeedRecord } from './record.ts';

const Options = z.object({
  seeds: z
    .string()
    .regex(/^\d+-\d+$/, 'not FROM-TO')
    .transform((text) => text.split('-').map(Number)),
  level: z.string().refine((level) => Object.keys(FAULT_RATES).includes(level), 'not a level'),
  workers: z.coerce.number().int().positive(),
  results: z.string(),
  /** Held, rejected and archived files, and several dates: of the hostile generator's seeds, a small one. */
  data: z.coerce.number().int(),
});
type Options = z.infer<typeof Options>;

const WORKER = join(import.meta.dirname, 'worker.ts');

/** A seed whose worker went down is a failure of its own; the worker's successor goes on with the next. */
const broken = (seed: number, level: string): SeedRecord => {
  const nothing = { injected: {}, attempts: 0, seconds: 0, memory: 0 };
  return { seed, level, outcome: 'hand', why: ['the worker ended'], ...nothing };
};

/** What a worker has to know; `next` gives the seeds one by one, undefined when there is none. */
type Work = {
  readonly dir: string;
  readonly template: string;
  readonly data: string;
  readonly calm: string;
  readonly evidence: string;
  readonly level: string;
  readonly next: () => number | undefined;
  readonly done: (record: SeedRecord) => void;
};

const workers = new Set<ChildProcess>();
/** A person has ended it: what the workers were at is nobody's failure, and no other begins. */
let interrupted = false;

/** Runs one worker until there are no seeds; true when it ended before that. */
const runWorker = ({ dir, template, data, calm, evidence, level, next, done }: Work): Promise<boolean> =>
  new Promise((awaitTerminal) => {
    const log = openSync(join(evidence, 'workers.log'), 'a');
    const child = fork(WORKER, [dir, template, data, calm, evidence, level], {
      stdio: ['ignore', log, log, 'ipc'],
      execArgv: ['--import', 'tsx'],
    });
    workers.add(child);
    let seed: number | undefined;
    let finished = false;
    const give = (): void => {
      seed = next();
      finished = seed === undefined;
      if (seed === undefined) child.disconnect();
      else child.send(seed);
    };
    child.on('message', (message) => {
      if (message !== 'ready') done(SeedRecord.parse(message));
      give();
    });
    child.on('exit', () => {
      workers.delete(child);
      const wentDown = !finished && !interrupted && seed !== undefined;
      if (wentDown && seed !== undefined) done(broken(seed, level));
      awaitTerminal(wentDown);
    });
  });

const range = ([from = 0, to = 0]: readonly number[]): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** The five services deployed, and what the directory comes to without faults. */
const prepare = async (dir: string, data: string): Promise<{ template: string; calm: string }> => {
  const screen = { line: (text: string) => console.log(text), progress: () => {} };
  const template = await deployOnce(dir, screen);
  const calm = join(dir, 'calm-export');
  const options = { deployed: await floorsOf(template, join(dir, 'calm-localStacks')), data, faults: null, out: calm };
  const pass = await passThrough({ ...options, dir: join(dir, 'calm'), isGood: ({ exported }) => exported !== null });
  if (pass.exported === null) throw new Error(`without faults it does not come to its end: ${pass.why.join('; ')}`);
  return { template, calm };
};

const run = async (options: Options, dir: string): Promise<number> => {
  const results = resolve(options.results);
  const evidence = `${results}.failed`;
  for (const each of [dirname(results), evidence]) mkdirSync(each, { recursive: true });
  patchRecords(results);
  const data = join(dir, 'data');
  await plainHostile(options.data, data);
  const wanted = range(options.seeds);
  const ofThese = (): SeedRecord[] =>
    readRecords(results).filter(({ seed, level }) => level === options.level && wanted.includes(seed));
  const known = new Set(ofThese().map(({ seed }) => seed));
  const open = wanted.filter((seed) => !known.has(seed));
  console.log(`${open.length} of ${wanted.length} seeds to run, ${options.workers} at a time; results in ${results}`);
  const work = {
    ...(await prepare(dir, data)),
    data,
    evidence,
    level: options.level,
    next: () => open.shift(),
    done: (record: SeedRecord) => {
      addRecord(results, record);
      console.log(renderRecord(record));
    },
  };
  const lane = async (_: unknown, i: number): Promise<void> => {
    for (let n = 0; open.length > 0; n += 1) {
      const own = join(dir, `worker-${i}-${n}`);
      mkdirSync(own);
      const wentDown = await runWorker({ ...work, dir: own });
      rmSync(own, { recursive: true, force: true });
      if (!wentDown) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.workers, open.length) }, lane));
  const records = ofThese();
  for (const line of renderSummary(records)) console.log(line);
  return records.length === wanted.length && records.every(({ outcome }) => outcome === 'equal') ? 0 : 1;
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1-200' },
      level: { type: 'string', default: 'heavy' },
      workers: { type: 'string', default: '4' },
      results: { type: 'string', default: 'out/fault-seeds.jsonl' },
      data: { type: 'string', default: '2' },
    },
  });
  const options = Options.parse(values);
  const dir = mkdtempSync(join(tmpdir(), 'music-etl-seeds-'));
  const end = async (): Promise<void> => {
    // The supervisors of a killed worker's local stack tidy up by themselves, if they are given the time.
    for (let i = 0; i < 60 && processesNaming(dir).length > 0; i += 1) await sleep(250);
    await cutPower(dir);
    rmSync(dir, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      interrupted = true;
      for (const worker of workers) worker.kill('SIGKILL');
      void end().finally(() => process.exit(130));
    });
  }
  try {
    process.exitCode = await run(options, dir);
  } finally {
    await end();
  }
};

await main();
