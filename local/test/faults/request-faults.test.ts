import fc from 'fast-check';
import { faultyRequests } from '../../src/faults/request-faults.ts';
import type { Exchange } from '../../src/gateway/exchange.ts';
import { exchangeOf, OK } from '../support/exchanges.ts';
import { behind, contextOf, FUNCTION } from '../support/faults.ts';

describe('requests with faults', () => {
  it.each([
    ['S3', exchangeOf({ app: FUNCTION, method: 'PUT', url: '/bucket/key' })],
    ['SQS', exchangeOf({ app: FUNCTION, operation: 'AmazonSQS.SendMessage' })],
    ['DynamoDB', exchangeOf({ operation: 'DynamoDB_20120810.TransactWriteItems' })],
    ['Events', exchangeOf({ app: FUNCTION, operation: 'AWSEvents.PutEvents' })],
  ])('to %s get 500, 503 or a throttling error without an effect, or lose the response', async (service, one) => {
    const rejected = contextOf({ reject: 1 });
    const rejecting = behind(faultyRequests(rejected));
    for (let i = 0; i < 40; i += 1) expect(await rejecting.send(one)).toMatchObject({ status: expect.any(Number) });
    expect(rejecting.reached).toEqual([]);
    expect(Object.keys(rejected.counter.counts())).toEqual(
      [`${service} responded 500`, `${service} responded 503`, `${service} throttled`].sort(),
    );

    const lost = contextOf({ loseResponse: 1 });
    const losing = behind(faultyRequests(lost));
    expect(await losing.send(one)).toBe('hang up');
    expect(losing.reached).toEqual([one]);
    expect(lost.counter.counts()).toEqual({ [`${service} lost its response`]: 1 });
  });

  it('do not include those of the account’s root', async () => {
    const { send } = behind(faultyRequests(contextOf({ reject: 1, endFunction: 1, loseResponse: 1 })));
    expect(await send(exchangeOf({ key: 'test' }))).toBe(OK);
  });

  it('have the same fault for the same seed, in whatever order they come', () => {
    const requests = [...Array(12).keys()].map((i) =>
      exchangeOf({ app: FUNCTION, method: 'GET', url: `/bucket/${i}` }),
    );
    const repliesTo = async (order: readonly Exchange[], seed: string): Promise<unknown> => {
      const { send } = behind(faultyRequests(contextOf({ reject: 0.3, loseResponse: 0.3 }, seed)));
      const replies = await Promise.all(order.map(async (one) => [one.url, await send(one)] as const));
      return Object.fromEntries(replies);
    };
    return fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(requests, { minLength: 12 }), fc.string(), async (order, seed) => {
        expect(await repliesTo(order, seed)).toEqual(await repliesTo(requests, seed));
      }),
      { numRuns: 30 },
    );
  });
});

describe('StartJobRun with faults', () => {
  const start = exchangeOf({ app: FUNCTION, operation: 'AWSGlue.StartJobRun' });

  it('gets each error that Glue returns at capacity', async () => {
    const context = contextOf({ atCapacity: 1 });
    const { send, reached } = behind(faultyRequests(context));
    for (let i = 0; i < 40; i += 1) await send(start);
    expect(reached).toEqual([]);
    expect(Object.keys(context.counter.counts())).toEqual([
      'StartJobRun threw ConcurrentRunsExceededException',
      'StartJobRun threw ResourceNumberLimitExceededException',
      'StartJobRun threw ThrottlingException',
    ]);
  });

  it('times out after the run began', async () => {
    const context = contextOf({ loseStart: 1 });
    const { send, reached } = behind(faultyRequests(context));
    expect(await send(start)).toBe('hang up');
    expect(reached).toEqual([start]);
    expect(context.counter.counts()).toEqual({ 'StartJobRun timed out after the run began': 1 });
  });
});
