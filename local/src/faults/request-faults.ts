import type { Exchange, Interceptor, Reply } from '../gateway/exchange.ts';
import { functionOf, isPipeline, serviceOf } from './callers.ts';
import type { FaultContext } from './context.ts';
import { createOccurrences, withoutIds } from './fault-plan.ts';
import { faultyFunctions } from './function-faults.ts';
import { atCapacity, type InjectedResponse, rejection } from './injected-responses.ts';

const nameOf = (exchange: Exchange): string =>
  withoutIds(`${functionOf(exchange) ?? 'job'} ${exchange.operation ?? exchange.method} ${exchange.url.split('?')[0]}`);

/**
 * Creates the interceptor that makes requests of functions and jobs fail. A request is rejected without an effect, has
 * its effect but loses its response, or is the last one of its function.
 */
export const faultyRequests = (context: FaultContext): Interceptor => {
  const { faultPlan, rates, counter } = context;
  const occurrence = createOccurrences();
  const throughFunction = faultyFunctions(context);

  const inject = ({ kind, response }: InjectedResponse, what: string): Reply => {
    counter.add(`${what} ${kind}`);
    return response;
  };

  const send = async (exchange: Exchange, name: string, n: number, next: () => Promise<Reply>): Promise<Reply> => {
    const chance = (kind: string): number => faultPlan(kind, name, n);
    const starts = exchange.operation === 'AWSGlue.StartJobRun';
    if (starts && chance('full') < rates.atCapacity) return inject(atCapacity(chance('fullness')), 'StartJobRun threw');
    if (chance('reject') < rates.reject) return inject(rejection(exchange, chance('rejection')), serviceOf(exchange));
    const reply = await next();
    if (chance('lose') >= (starts ? rates.loseStart : rates.loseResponse)) return reply;
    counter.add(starts ? 'StartJobRun timed out after the run began' : `${serviceOf(exchange)} lost its response`);
    return 'hang up';
  };

  return async (exchange, next) => {
    if (!isPipeline(exchange)) return next(exchange);
    const name = nameOf(exchange);
    const n = occurrence(name);
    return throughFunction(exchange, name, n, () => send(exchange, name, n, () => next(exchange)));
  };
};
