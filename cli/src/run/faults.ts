import { RUNS_PREFIX, StageDocument } from '@music-etl/contracts';
import { FAULT_RATES, type FaultLevel, type FaultOptions } from '@music-etl/local';
import { type DocumentSource, documentsUnder } from '../shared/documents.ts';
import { UserError } from '../shared/errors.ts';
import type { RunningStack } from '../stack/running-stack.ts';

const isLevel = (level: string): level is FaultLevel => Object.keys(FAULT_RATES).includes(level);

/**
 * Parses `7`, `7:light` or `7:heavy`: the seed of the fault plan and how many faults there are; light by default.
 * @throws UserError for anything else
 */
export const parseFaults = (text: string): FaultOptions => {
  const [seed = '', level = 'light', ...rest] = text.split(':');
  if (/^[\w-]+$/.test(seed) && isLevel(level) && rest.length === 0) return { seed, level };
  const levels = Object.keys(FAULT_RATES).join(' or ');
  throw new UserError(`--faults ${text}: not a seed, or a seed and ${levels}`, 'for example --faults 7:heavy');
};

/** Faults that were injected by kind, and the recovery from them. */
export interface FaultReport {
  injected: Readonly<Record<string, number>>;
  /** Attempts beyond the first of a stage on a run. */
  attempts: number;
}

/** Reports the injected faults of a local stack; null for a stack without faults. */
export const reportFaults = async (
  stack: Pick<RunningStack, 'faultCounts'>,
  source: DocumentSource,
): Promise<FaultReport | null> => {
  const injected = stack.faultCounts?.() ?? {};
  if (Object.keys(injected).length === 0) return null;
  const stages = await documentsUnder(source, RUNS_PREFIX, StageDocument, (key) => key.endsWith('/stage.json'));
  return { injected, attempts: stages.reduce((sum, { attempt }) => sum + attempt - 1, 0) };
};
