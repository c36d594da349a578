import type { BusEvent } from '../events/event.ts';
import type { PublishWrapper } from '../services.ts';
import type { FaultContext } from './context.ts';
import { createOccurrences } from './fault-plan.ts';

/** Loses, repeats, delays and so reorders Glue's state changes, as EventBridge may do. */
export const faultyEvents =
  ({ faultPlan, rates, counter }: FaultContext): PublishWrapper =>
  (publish) => {
    const occurrence = createOccurrences();
    let announced = 0;
    let latest = 0;

    const publishLate = (event: BusEvent, position: number, ms: number): void => {
      const deliver = (): void => {
        if (position < latest) counter.add('event reordered');
        latest = Math.max(latest, position);
        publish(event);
      };
      setTimeout(deliver, ms).unref();
    };

    return (event) => {
      const job = String(event.detail.jobName);
      const n = occurrence(job);
      if (faultPlan('lose event', job, n) < rates.loseEvent) return counter.add('event lost');
      announced += 1;
      publishLate(event, announced, faultPlan('late', job, n) * rates.lateMs);
      counter.add('event late');
      if (faultPlan('repeat', job, n) < rates.repeatEvent) {
        counter.add('event repeated');
        publishLate(event, announced, faultPlan('late again', job, n) * rates.lateMs);
      }
    };
  };
