import { StageDocument } from '@music-etl/contracts';
import { type DocumentSource, documentsUnder } from '../shared/documents.ts';
import type { RunningStack } from '../shared/ports.ts';
import type { FaultReport } from './run-report.ts';

const RUNS_PREFIX = 'processed/runs/';

/** Reports the injected faults of a local stack, and the attempts that its runs took beyond the first of each stage. */
export const reportFaults = async (
  localStack: Pick<RunningStack, 'faultCounts'>,
  source: DocumentSource,
): Promise<FaultReport | null> => {
  const injected = localStack.faultCounts?.() ?? {};
  if (Object.keys(injected).length === 0) return null;
  const stages = await documentsUnder(source, RUNS_PREFIX, StageDocument, (key) => key.endsWith('/stage.json'));
  return { injected, attempts: stages.reduce((sum, { attempt }) => sum + attempt - 1, 0) };
};
