import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeHostileDirectory } from '../src/hostile.ts';
import { readExport, runTool } from '../src/tool.ts';

const MINUTES = 60_000;
/** Generates a small directory with archived, rejected and held files. */
const DATA_SEED = 2;

let dir: string;
let baseline: Record<string, string>;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'faults-'));
  await writeHostileDirectory(DATA_SEED, join(dir, 'data'));
  await runTool(join(dir, 'data'), join(dir, 'baseline'));
  baseline = await readExport(join(dir, 'baseline'));
}, 5 * MINUTES);
afterAll(() => rm(dir, { recursive: true, force: true }));

/** By default one light seed, to save time. `FAULT_SEEDS=1:heavy,2:heavy npx jest …` runs others. */
const SEEDS = (process.env.FAULT_SEEDS ?? '1:light').split(',');

test.each(SEEDS)(
  'a run with the faults of %s ends by itself in the same export as one without, byte for byte',
  async (faults) => {
    const out = join(dir, faults.replace(':', '-'));
    const { faults: report } = await runTool(join(dir, 'data'), out, '--faults', faults);
    expect(Object.keys(report?.injected ?? {}).length).toBeGreaterThan(3);
    expect(await readExport(out)).toEqual(baseline);
  },
  10 * MINUTES,
);
