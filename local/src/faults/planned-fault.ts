import type { Exchange, Reply } from '../gateway/exchange.ts';
import { isCommit, isWrite } from './callers.ts';

/** Within the life of a small job: its start, its reads, its writes. */
const KILL_WITHIN_MS = 1_500;
/** Of a small job's writes one of the first. */
const WRITES = 8;

/** How a run ends: killed at a moment, at one of its writes or at its commit, or silent from a write on. */
export type PlannedFault =
  | { readonly kind: 'moment'; readonly ms: number }
  | { readonly kind: 'write'; readonly n: number; readonly after: boolean }
  | { readonly kind: 'commit'; readonly after: boolean }
  | { readonly kind: 'hang'; readonly n: number };

type Chance = (kind: string) => number;

const oneOfItsWrites = (chance: Chance): number => 1 + Math.floor(chance('when') * WRITES);

export const hanging = (chance: Chance): PlannedFault => ({ kind: 'hang', n: oneOfItsWrites(chance) });

/** A third of the killed runs each: at any moment, at a write, at the commit. */
export const killing = (chance: Chance): PlannedFault => {
  const after = chance('after') < 0.5;
  const how = Math.floor(chance('how') * 3);
  if (how === 0) return { kind: 'moment', ms: chance('when') * KILL_WITHIN_MS };
  return how === 1 ? { kind: 'write', n: oneOfItsWrites(chance), after } : { kind: 'commit', after };
};

/** Whether the run ends at this write, its `n`th. */
const endsHere = (plannedFault: PlannedFault, exchange: Exchange, n: number): boolean => {
  if (plannedFault.kind === 'commit') return isCommit(exchange);
  return plannedFault.kind !== 'moment' && n === plannedFault.n;
};

const AT = { write: 'a write', commit: 'its commit' } as const;

/** Meets the requests of a run that is faulted. `add` hears what was done to it, once. */
export const applyPlannedFault = (plannedFault: PlannedFault, kill: () => void, add: (kind: string) => void) => {
  let writes = 0;
  let silent = false;
  const silence = (): Promise<Reply> => new Promise(() => {});

  const end = async (next: () => Promise<Reply>): Promise<Reply> => {
    if (plannedFault.kind === 'hang') {
      add('job hung until its timeout');
      silent = true;
      return silence();
    }
    if (plannedFault.kind === 'moment') return next();
    add(`job killed ${plannedFault.after ? 'after' : 'before'} ${AT[plannedFault.kind]}`);
    if (plannedFault.after) await next();
    kill();
    return 'hang up';
  };

  return (exchange: Exchange, next: () => Promise<Reply>): Promise<Reply> => {
    if (silent) return silence();
    if (!isWrite(exchange)) return next();
    writes += 1;
    return endsHere(plannedFault, exchange, writes) ? end(next) : next();
  };
};
