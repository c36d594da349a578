import { faultyRequests } from '../../src/faults/request-faults.ts';
import { exchangeOf, OK } from '../support/exchanges.ts';
import { behind, contextOf, FUNCTION, NO_RESPONSE, soon } from '../support/faults.ts';

const write = exchangeOf({ app: FUNCTION, method: 'PUT', url: '/bucket/stage.json' });

const endFunction = async (seed: string) => {
  const context = contextOf({ endFunction: 1, endsPerFunction: 1 }, seed);
  const { send, reached } = behind(faultyRequests(context));
  const first = await soon(send(write));
  const kind = Object.keys(context.counter.counts())[0] ?? '';
  return { context, send, first, effect: reached.length > 0, kind };
};

describe('functions with faults', () => {
  it('end before or after an effect, with an error or without a response', async () => {
    const ends = await Promise.all([...Array(40).keys()].map((seed) => endFunction(String(seed))));
    for (const { first, effect, kind } of ends) {
      expect(effect).toBe(kind.endsWith('after an effect'));
      expect(first).toBe(kind.startsWith('function killed') ? NO_RESPONSE : 'hang up');
    }
    expect(new Set(ends.map(({ kind }) => kind)).size).toBe(4);
  });

  it('get no request through until they have ended, while other callers do', async () => {
    const { context, send } = await endFunction('1');
    expect(await soon(send(write))).not.toBe(OK);
    expect(await send(exchangeOf({ method: 'PUT', url: '/bucket/of-a-job' }))).toBe(OK);
    context.clock.ms = 20_000;
    expect(await send(write)).toBe(OK);
  });
});
