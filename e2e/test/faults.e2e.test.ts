import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plainHostile, readExport, runTool } from '../src/tool.ts';

const MINUTES = 60_000;
/** A small directory with held, rejected and archived files; any seed would do. */
const DATA_SEED = 2;

let dir: string;
let calm: Record<string, string>;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'faults-'));
  await plainHostile(DATA_SEED, join(dir, 'data'));
  await runTool(join(dir, 'data'), join(dir, 'calm'));
  calm = await readExport(join(dir, 'calm'));
}, 5 * MINUTES);
afterAll(() => rm(dir, { recursive: true, force: true }));

/** One light seed by default, for the time it takes; `FAULT_SEEDS=1:heavy,2:heavy npx jest --selectProjects e2e --testPathPatterns faults` runs more. */
const SEEDS = (process.env.FAULT_SEEDS ?? '1:light').split(',');

test.each(SEEDS)(
  'a run with the faults of %s ends without a hand in the export of one without, byte for byte',
  async (faults) => {
    const out = join(dir, faults.replace(':', '-'));
    const { faults: report } = await runTool(join(dir, 'data'), out, '--faults', faults);
    expect(Object.keys(report?.injected ?? {}).length).toBeGreaterThan(3);
    expect(await readExport(out)).toEqual(calm);
  },
  10 * MINUTES,
);
