import { StageDocument } from '@music-etl/contracts';
import { mapLimit } from '../shared/map-limit.ts';
import type { Objects, RunningStack } from '../shared/ports.ts';
import type { FaultReport } from './run-report.ts';

const RUNS_PREFIX = 'processed/runs/';
const AT_ONCE = 8;

/** What was broken on purpose on this local stack, and how many attempts its runs took beyond the first of each stage. */
export const reportFaults = async (
  localStack: Pick<RunningStack, 'faultCounts'>,
  objects: Objects,
): Promise<FaultReport | null> => {
  const injected = localStack.faultCounts?.() ?? {};
  if (Object.keys(injected).length === 0) return null;
  const keys: string[] = [];
  for await (const { key } of objects.list(RUNS_PREFIX)) if (key.endsWith('/stage.json')) keys.push(key);
  let attempts = 0;
  await mapLimit(keys, AT_ONCE, async (key) => {
    const text = await objects.read(key);
    if (text !== null) attempts += StageDocument.parse(JSON.parse(text)).attempt - 1;
  });
  return { injected, attempts };
};
