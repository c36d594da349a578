import type { BusEvent } from '../events/event.ts';
import type { PublishWrapper } from '../services.ts';
import type { FaultDeps } from './deps.ts';
import { createCounter } from './fault-plan.ts';

/** Glue's state changes as EventBridge may deliver them: lost, twice, late, and so in another order. */
export const faultyEvents =
  ({ faultPlan, rates, ledger }: FaultDeps): PublishWrapper =>
  (publish) => {
    const occurrence = createCounter();
    let announced = 0;
    let newest = 0;

    const late = (event: BusEvent, place: number, ms: number): void => {
      const deliver = (): void => {
        if (place < newest) ledger.add('event reordered');
        newest = Math.max(newest, place);
        publish(event);
      };
      setTimeout(deliver, ms).unref();
    };

    return (event) => {
      const job = String(event.detail.jobName);
      const n = occurrence(job);
      if (faultPlan('lose event', job, n) < rates.loseEvent) return ledger.add('event lost');
      announced += 1;
      late(event, announced, faultPlan('late', job, n) * rates.lateMs);
      ledger.add('event late');
      if (faultPlan('repeat', job, n) < rates.repeatEvent) {
        ledger.add('event repeated');
        late(event, announced, faultPlan('late again', job, n) * rates.lateMs);
      }
    };
  };
