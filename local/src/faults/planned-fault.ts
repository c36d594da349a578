import type { Exchange, Reply } from '../gateway/exchange.ts';
import { isCommit, isWrite } from './callers.ts';

/** Within the duration of a small job. */
const KILL_WITHIN_MS = 1_500;
/** Within the writes of a small job. */
const WRITES = 8;

/** How a run ends: killed at a moment, at one of its writes or at its commit, or without responses from a write on. */
export type PlannedFault =
  | { readonly kind: 'moment'; readonly ms: number }
  | { readonly kind: 'write'; readonly n: number; readonly after: boolean }
  | { readonly kind: 'commit'; readonly after: boolean }
  | { readonly kind: 'hang'; readonly n: number };

/** Returns a number 0 ≤ x < 1 for each decision about a run. */
export type Chance = (decision: string) => number;

const anyWrite = (chance: Chance): number => 1 + Math.floor(chance('when') * WRITES);

export const hang = (chance: Chance): PlannedFault => ({ kind: 'hang', n: anyWrite(chance) });

/** Kills a third of the runs each at any moment, at a write and at the commit. */
export const kill = (chance: Chance): PlannedFault => {
  const after = chance('after') < 0.5;
  const how = Math.floor(chance('how') * 3);
  if (how === 0) return { kind: 'moment', ms: chance('when') * KILL_WITHIN_MS };
  return how === 1 ? { kind: 'write', n: anyWrite(chance), after } : { kind: 'commit', after };
};

/** Returns true if the run ends at this write, its `n`th. */
const endsAt = (fault: PlannedFault, exchange: Exchange, n: number): boolean => {
  if (fault.kind === 'commit') return isCommit(exchange);
  return fault.kind !== 'moment' && n === fault.n;
};

const WHERE = { write: 'a write', commit: 'its commit' } as const;

/** Creates the handler of the requests of a run with a fault. It calls `count` once, when the fault happens. */
export const applyPlannedFault = (fault: PlannedFault, killRun: () => void, count: (kind: string) => void) => {
  let writes = 0;
  let silent = false;
  const silence = (): Promise<Reply> => new Promise(() => {});

  const end = async (next: () => Promise<Reply>): Promise<Reply> => {
    if (fault.kind === 'hang') {
      count('job hung until its timeout');
      silent = true;
      return silence();
    }
    if (fault.kind === 'moment') return next();
    count(`job killed ${fault.after ? 'after' : 'before'} ${WHERE[fault.kind]}`);
    if (fault.after) await next();
    killRun();
    return 'hang up';
  };

  return (exchange: Exchange, next: () => Promise<Reply>): Promise<Reply> => {
    if (silent) return silence();
    if (!isWrite(exchange)) return next();
    writes += 1;
    return endsAt(fault, exchange, writes) ? end(next) : next();
  };
};
