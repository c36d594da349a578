import type { FaultContext } from '../../src/faults/context.ts';
import { createFaultCounter } from '../../src/faults/counts.ts';
import { createFaultPlan } from '../../src/faults/fault-plan.ts';
import { FAULT_RATES, type FaultRates } from '../../src/faults/rates.ts';
import type { Exchange, Interceptor, Reply } from '../../src/gateway/exchange.ts';
import { OK } from './exchanges.ts';

const NONE: FaultRates = {
  ...FAULT_RATES.light,
  ...{ reject: 0, loseResponse: 0, endFunction: 0, atCapacity: 0, loseStart: 0, killJob: 0, hangJob: 0, twin: 0 },
  ...{ loseEvent: 0, repeatEvent: 0, lateMs: 0 },
};

/** Builds a context in which only the faults of `rates` happen. */
export const contextOf = (rates: Partial<FaultRates>, seed = '1'): FaultContext & { clock: { ms: number } } => {
  const clock = { ms: 0 };
  return {
    clock,
    faultPlan: createFaultPlan(seed),
    rates: { ...NONE, ...rates },
    counter: createFaultCounter(),
    now: () => clock.ms,
  };
};

/** Puts an interceptor before an emulator that replies OK, and records the requests that reach it. */
export const behind = (interceptor: Interceptor) => {
  const reached: Exchange[] = [];
  const send = (exchange: Exchange): Promise<Reply> =>
    interceptor(exchange, async (passed) => {
      reached.push(passed);
      return OK;
    });
  return { reached, send };
};

export const FUNCTION = 'music-streaming-kpi-faults-start';
export const NO_RESPONSE = 'no response';

/** Resolves to the reply, or to NO_RESPONSE if there is none within a few milliseconds. */
export const soon = (reply: Promise<Reply>): Promise<Reply | typeof NO_RESPONSE> =>
  Promise.race([reply, new Promise<typeof NO_RESPONSE>((resolve) => setTimeout(resolve, 5, NO_RESPONSE))]);
