import type { Exchange, Interceptor, Reply } from '../gateway/exchange.ts';
import { functionOf, isPipeline, serviceOf } from './callers.ts';
import type { FaultDeps } from './deps.ts';
import { createCounter, nameless } from './fault-plan.ts';
import { faultyFunctions } from './functions.ts';
import { atCapacity, rejection } from './rejections.ts';

const nameOf = (exchange: Exchange): string =>
  nameless(`${functionOf(exchange) ?? 'job'} ${exchange.operation ?? exchange.method} ${exchange.url.split('?')[0]}`);

/**
 * The link of the gateway that makes requests of functions and jobs fail: rejected without effect, effective without a
 * reply, or the last that their function gets through.
 */
export const faultyRequests = (deps: FaultDeps): Interceptor => {
  const { faultPlan, rates, ledger } = deps;
  const occurrence = createCounter();
  const throughFunction = faultyFunctions(deps);

  const injure = async (exchange: Exchange, name: string, n: number, next: () => Promise<Reply>): Promise<Reply> => {
    const chance = (kind: string): number => faultPlan(kind, name, n);
    const starts = exchange.operation === 'AWSGlue.StartJobRun';
    if (starts && chance('full') < rates.atCapacity) {
      const { kind, answer } = atCapacity(chance('fullness'));
      ledger.add(`StartJobRun answered ${kind}`);
      return answer;
    }
    if (chance('reject') < rates.reject) {
      const { kind, answer } = rejection(exchange, chance('rejection'));
      ledger.add(`${serviceOf(exchange)} ${kind}`);
      return answer;
    }
    const reply = await next();
    if (chance('lose') >= (starts ? rates.loseStart : rates.loseReply)) return reply;
    ledger.add(starts ? 'StartJobRun timed out after the run began' : `${serviceOf(exchange)} lost its reply`);
    return 'hang up';
  };

  return async (exchange, next) => {
    if (!isPipeline(exchange)) return next(exchange);
    const name = nameOf(exchange);
    const n = occurrence(name);
    return throughFunction(exchange, name, n, () => injure(exchange, name, n, () => next(exchange)));
  };
};
