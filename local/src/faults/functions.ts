import type { Exchange, Reply } from '../gateway/exchange.ts';
import { functionOf, isWrite } from './callers.ts';
import type { FaultDeps } from './deps.ts';
import { createCounter } from './fault-plan.ts';

/** How long a function that was cut off gets no answer; longer than the SDK's three tries. */
const CUT_OFF_MS = 2_500;
/** As long as a function of stage `faults` may run (params.yml): in silence it goes on to its timeout, which kills it. */
const SILENCE_MS = 10_000;

type Ending = { readonly until: number; readonly reply: () => Promise<Reply> };

const hangUp = async (): Promise<Reply> => 'hang up';
/** A promise of its own each time: one for all would keep every request that ever waited. */
const silence = (): Promise<Reply> => new Promise(() => {});

/**
 * Functions that get no further: cut off from everything for a while, so that they end with an error, or without any
 * answer until their timeout kills them, so that nothing of them runs any more.
 * @returns what the gateway answers instead of passing a request on, and null where it passes it on.
 */
export const faultyFunctions = ({ faultPlan, rates, ledger, now }: FaultDeps) => {
  const endings = new Map<string, Ending>();
  const ends = createCounter();

  const kill = (caller: string, name: string, n: number, effect: boolean): Reply | Promise<Reply> => {
    const abrupt = faultPlan('how it ends', name, n) < 0.5;
    const after = effect ? 'after an effect' : 'before an effect';
    ledger.add(abrupt ? `function killed ${after}` : `function cut off ${after}`);
    const reply = abrupt ? silence : hangUp;
    endings.set(caller, { until: now() + (abrupt ? SILENCE_MS : CUT_OFF_MS), reply });
    return reply();
  };

  return async (exchange: Exchange, name: string, n: number, next: () => Promise<Reply>): Promise<Reply> => {
    const caller = functionOf(exchange);
    if (caller === null) return next();
    const ending = endings.get(caller);
    if (ending !== undefined && ending.until > now()) return ending.reply();
    if (faultPlan('end', name, n) >= rates.endFunction || ends(caller) > rates.endsPerFunction) return next();
    if (faultPlan('before', name, n) < 0.5) return kill(caller, name, n, false);
    await next();
    return kill(caller, name, n, isWrite(exchange));
  };
};
