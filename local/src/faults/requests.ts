import type { Answer, Exchange, Interceptor, Reply } from '../gateway/exchange.ts';
import { createCounter, type Fate, nameless } from './fate.ts';
import type { FaultLedger } from './ledger.ts';
import type { FaultRates } from './rates.ts';

export type FaultDeps = { fate: Fate; rates: FaultRates; ledger: FaultLedger; now: () => number };

/** How long a function that was cut off gets no answer; longer than the SDK's three tries. */
const CUT_OFF_MS = 2_500;

/** Everything but the account's root, which deploys, uploads and looks on: functions and jobs have a role's session. */
const isPipeline = ({ headers }: Exchange): boolean => {
  const key = /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1];
  return key !== undefined && key !== 'test';
};

/** The function that asks; null for a job. */
const functionOf = ({ headers }: Exchange): string | null =>
  /app\/(music-streaming-[\w-]+)/.exec(headers['user-agent'] ?? '')?.[1] ?? null;

const nameOf = (exchange: Exchange): string =>
  nameless(`${functionOf(exchange) ?? 'job'} ${exchange.operation ?? exchange.method} ${exchange.url.split('?')[0]}`);

const json = (status: number, type: string): Answer => ({
  status,
  rawHeaders: ['content-type', 'application/x-amz-json-1.0', 'x-amzn-errortype', type],
  body: Buffer.from(JSON.stringify({ __type: type, message: 'injected fault' })),
});

const xml = (status: number, code: string): Answer => ({
  status,
  rawHeaders: ['content-type', 'application/xml'],
  body: Buffer.from(`<Error><Code>${code}</Code><Message>injected fault</Message></Error>`),
});

/** The error a busy service answers with, in the words of its protocol. */
const refusal = (exchange: Exchange, chance: number): Answer => {
  const kind = Math.floor(chance * 3);
  if (exchange.operation === null) {
    return kind === 0 ? xml(500, 'InternalError') : kind === 1 ? xml(503, 'ServiceUnavailable') : xml(503, 'SlowDown');
  }
  return kind === 0
    ? json(500, 'InternalFailure')
    : kind === 1
      ? json(503, 'ServiceUnavailable')
      : json(400, 'ThrottlingException');
};

/**
 * The link of the gateway that makes requests of functions and jobs fail: refused without effect, effective without a
 * reply, or the last that their function gets through.
 */
export const faultyRequests = ({ fate, rates, ledger, now }: FaultDeps): Interceptor => {
  const occurrence = createCounter();
  const cuts = createCounter();
  const cutUntil = new Map<string, number>();

  const injure = async (exchange: Exchange, name: string, next: () => Promise<Reply>): Promise<Reply> => {
    const n = occurrence(name);
    const chance = (kind: string): number => fate(kind, name, n);
    if (exchange.operation === 'AWSGlue.StartJobRun' && chance('full') < rates.fullHouse) {
      ledger.add('full house');
      return json(400, 'ConcurrentRunsExceededException');
    }
    if (chance('refuse') < rates.refuse) {
      ledger.add('request refused');
      return refusal(exchange, chance('refusal'));
    }
    const reply = await next();
    const caller = functionOf(exchange);
    if (caller !== null && chance('cut') < rates.cutOff && cuts(caller) <= rates.cutOffsPerFunction) {
      ledger.add('function killed');
      cutUntil.set(caller, now() + CUT_OFF_MS);
      return 'hang up';
    }
    if (chance('lose') < rates.loseReply) {
      ledger.add('reply lost');
      return 'hang up';
    }
    return reply;
  };

  return async (exchange, next) => {
    if (!isPipeline(exchange)) return next(exchange);
    const caller = functionOf(exchange);
    if (caller !== null && (cutUntil.get(caller) ?? 0) > now()) return 'hang up';
    return injure(exchange, nameOf(exchange), () => next(exchange));
  };
};
