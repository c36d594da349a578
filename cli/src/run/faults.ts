import { FAULT_RATES, type FaultLevel, type FaultOptions } from '@music-etl/local';
import { UserError } from '../shared/errors.ts';

const isLevel = (level: string): level is FaultLevel => Object.keys(FAULT_RATES).includes(level);

/**
 * `7`, `7:light` or `7:heavy`: the seed of the faults and how many there are (light).
 * @throws UserError for anything else.
 */
export const parseFaults = (text: string): FaultOptions => {
  const [seed = '', level = 'light', ...rest] = text.split(':');
  if (/^[\w-]+$/.test(seed) && isLevel(level) && rest.length === 0) return { seed, level };
  const levels = Object.keys(FAULT_RATES).join(' or ');
  throw new UserError(`--faults ${text}: not a seed, or a seed and ${levels}`, 'for example --faults 7:heavy');
};
