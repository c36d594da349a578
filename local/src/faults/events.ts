import type { BusEvent } from '../events/event.ts';
import type { PublishWrapper } from '../services.ts';
import { createCounter } from './fate.ts';
import type { FaultDeps } from './requests.ts';

/** Glue's state changes as EventBridge may deliver them: lost, twice, late, and so in another order. */
export const faultyEvents =
  ({ fate, rates, ledger }: FaultDeps): PublishWrapper =>
  (publish) => {
    const occurrence = createCounter();
    const late = (event: BusEvent, ms: number): void => void setTimeout(() => publish(event), ms).unref();
    return (event) => {
      const job = String(event.detail.jobName);
      const n = occurrence(job);
      if (fate('lose event', job, n) < rates.loseEvent) return ledger.add('event lost');
      late(event, fate('late', job, n) * rates.lateMs);
      ledger.add('event late');
      if (fate('repeat', job, n) < rates.repeatEvent) {
        ledger.add('event repeated');
        late(event, fate('late again', job, n) * rates.lateMs);
      }
    };
  };
