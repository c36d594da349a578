import type { Exchange, Reply } from '../gateway/exchange.ts';
import { functionOf, isWrite } from './callers.ts';
import type { FaultContext } from './context.ts';
import { createOccurrences } from './fault-plan.ts';

/** How long all requests of a function that is cut off fail: longer than the SDK's three tries. */
const CUT_OFF_MS = 2_500;
/** The timeout of functions in stage `faults` (params.yml), which ends a function that gets no responses. */
const SILENCE_MS = 10_000;

type Ending = { readonly until: number; readonly reply: () => Promise<Reply> };

const hangUp = async (): Promise<Reply> => 'hang up';
/** Creates a promise for each request: one promise for all would keep every request in memory. */
const silence = (): Promise<Reply> => new Promise(() => {});

/**
 * Ends functions at a request, before or after its effect. A function that is cut off loses its connections for a
 * while and ends with an error. A function that is killed gets no response until its timeout ends it.
 * @returns a function that replies to a request itself, or passes it on.
 */
export const faultyFunctions = ({ faultPlan, rates, counter, now }: FaultContext) => {
  const endings = new Map<string, Ending>();
  const ends = createOccurrences();

  const end = (caller: string, name: string, n: number, effect: boolean): Promise<Reply> => {
    const killed = faultPlan('how it ends', name, n) < 0.5;
    const when = effect ? 'after an effect' : 'before an effect';
    counter.add(killed ? `function killed ${when}` : `function cut off ${when}`);
    const reply = killed ? silence : hangUp;
    endings.set(caller, { until: now() + (killed ? SILENCE_MS : CUT_OFF_MS), reply });
    return reply();
  };

  return async (exchange: Exchange, name: string, n: number, next: () => Promise<Reply>): Promise<Reply> => {
    const caller = functionOf(exchange);
    if (caller === null) return next();
    const ending = endings.get(caller);
    if (ending !== undefined && ending.until > now()) return ending.reply();
    if (faultPlan('end', name, n) >= rates.endFunction || ends(caller) > rates.endsPerFunction) return next();
    if (faultPlan('before', name, n) < 0.5) return end(caller, name, n, false);
    await next();
    return end(caller, name, n, isWrite(exchange));
  };
};
