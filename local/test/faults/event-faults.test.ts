import type { BusEvent } from '../../src/events/event.ts';
import { faultyEvents } from '../../src/faults/event-faults.ts';
import type { FaultRates } from '../../src/faults/rates.ts';
import { contextOf } from '../support/faults.ts';

const event = (n: number): BusEvent => ({
  ...{ version: '0', id: String(n), 'detail-type': 'Glue Job State Change', source: 'aws.glue', account: '0' },
  ...{ time: '', region: '', resources: [], detail: { jobName: 'load' } },
});

const published = (rates: Partial<FaultRates>) => {
  jest.useFakeTimers();
  const context = contextOf(rates);
  const ids: string[] = [];
  const publish = faultyEvents(context)(({ id }) => void ids.push(id));
  for (let n = 1; n <= 20; n += 1) publish(event(n));
  jest.runAllTimers();
  jest.useRealTimers();
  return { ids, counts: context.counter.counts() };
};

describe('events with faults', () => {
  it('are lost', () => {
    expect(published({ loseEvent: 1 })).toEqual({ ids: [], counts: { 'event lost': 20 } });
  });

  it('are repeated, late and in another order', () => {
    const { ids, counts } = published({ repeatEvent: 1, lateMs: 1_000 });
    expect(ids).toHaveLength(40);
    expect(new Set(ids).size).toBe(20);
    expect(ids).not.toEqual([...ids].sort((a, b) => Number(a) - Number(b)));
    expect(counts).toEqual({ 'event late': 20, 'event repeated': 20, 'event reordered': expect.any(Number) });
  });
});
