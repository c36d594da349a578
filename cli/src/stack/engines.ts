import { UserError } from '../shared/errors.ts';

/** What can run the rules on the local local stack. */
export const ENGINES = ['duckdb'] as const;
export type Engine = (typeof ENGINES)[number];

export const parseEngine = (text: string): Engine => {
  const engine = ENGINES.find((name) => name === text);
  if (!engine) throw new UserError(`--engine ${text}: there is no such engine here`, `there is: ${ENGINES.join(', ')}`);
  return engine;
};
