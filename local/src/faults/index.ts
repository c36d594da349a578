import { DEFAULT_BUCKET } from '@music-etl/contracts';
import type { Clients } from '../clients.ts';
import { chain, type Interceptor } from '../gateway/exchange.ts';
import type { Execute } from '../glue/ports.ts';
import type { PublishWrapper } from '../services.ts';
import { faultyEvents } from './events.ts';
import { createFaultPlan } from './fault-plan.ts';
import { faultyJobs } from './jobs.ts';
import { createFaultLedger } from './ledger.ts';
import { delayNotifications, repeatNotifications } from './notifications.ts';
import { FAULT_RATES, type FaultLevel } from './rates.ts';
import { hastenReconcilers } from './reconcilers.ts';
import { faultyRequests } from './requests.ts';

export { FAULT_RATES, type FaultLevel } from './rates.ts';

/** With faults a minute of a job’s timeout is this short: one that hangs is found out, one that is only slow on a busy machine is left alone. */
export const FAULTY_MINUTE_MS = 1_000;

export type FaultOptions = { readonly seed: string; readonly level: FaultLevel };

/** Everything that goes wrong on a local stack with faults, and the count of it. */
export type Faults = {
  readonly interceptor: Interceptor;
  readonly wrapPublish: PublishWrapper;
  readonly wrapExecute: (execute: Execute) => Execute;
  /** Begins what happens by itself; returns its end. */
  readonly begin: (clients: Clients) => () => Promise<void>;
  readonly counts: () => Readonly<Record<string, number>>;
};

/** The faults of a seed: the same seed injures the same requests, jobs, events and notifications. */
export const createFaults = ({ seed, level }: FaultOptions): Faults => {
  const ledger = createFaultLedger();
  const deps = { faultPlan: createFaultPlan(`${level} ${seed}`), rates: FAULT_RATES[level], ledger, now: Date.now };
  const jobs = faultyJobs(deps);
  let reached: Clients | null = null;
  const links = [delayNotifications(() => reached, DEFAULT_BUCKET, deps), jobs.interceptor, faultyRequests(deps)];
  return {
    interceptor: (exchange, next) => chain(links, next)(exchange),
    wrapPublish: faultyEvents(deps),
    wrapExecute: jobs.wrapExecute,
    begin: (clients) => {
      reached = clients;
      const ends = [repeatNotifications(clients, DEFAULT_BUCKET, deps), hastenReconcilers(clients)];
      return async () => {
        for (const end of ends) end();
      };
    },
    counts: ledger.counts,
  };
};

/** A local stack on which nothing goes wrong on purpose. */
export const NO_FAULTS: Faults = {
  interceptor: (exchange, next) => next(exchange),
  wrapPublish: (publish) => publish,
  wrapExecute: (execute) => execute,
  begin: () => async () => {},
  counts: () => ({}),
};
