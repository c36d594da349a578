import { STAGES, Stage } from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';

/** SQS moves at most this many messages a second. */
const FASTEST = 500;

/**
 * Parses the name of a stage.
 * @throws UserError for anything else
 */
export const parseStage = (text: string): Stage => {
  const parsed = Stage.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new UserError(`${text}: not a stage`, `the stages are ${STAGES.join(', ')}`);
};

/**
 * Parses a rate in messages a second; null if none is given.
 * @throws UserError for anything but a whole number from 1 to 500
 */
export const parseRate = (text: string | undefined): number | null => {
  if (text === undefined) return null;
  const rate = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (rate >= 1 && rate <= FASTEST) return rate;
  throw new UserError(`--rate ${text}: not a number of messages a second`, `SQS takes 1 to ${FASTEST}`);
};
