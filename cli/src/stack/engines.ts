import { UserError } from '../shared/errors.ts';

/** The engines that the local stack can compute with. */
const ENGINES = ['duckdb'] as const;
export type Engine = (typeof ENGINES)[number];

/** Parses the name of an engine. @throws UserError for any other */
export const parseEngine = (text: string): Engine => {
  const engine = ENGINES.find((name) => name === text);
  if (engine) return engine;
  throw new UserError(`--engine ${text}: there is no such engine`, `the engines are ${ENGINES.join(', ')}`);
};
