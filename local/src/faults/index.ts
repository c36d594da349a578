import { DEFAULT_BUCKET } from '@music-etl/contracts';
import type { Clients } from '../clients.ts';
import { chain, type Interceptor } from '../gateway/exchange.ts';
import type { Execute } from '../glue/ports.ts';
import type { PublishWrapper } from '../services.ts';
import { createFaultCounter } from './counts.ts';
import { delayNotifications } from './delay-notifications.ts';
import { faultyEvents } from './event-faults.ts';
import { createFaultPlan } from './fault-plan.ts';
import { faultyJobs } from './job-faults.ts';
import { FAULT_RATES, type FaultLevel } from './rates.ts';
import { runReconcilersOften } from './reconcilers.ts';
import { repeatNotifications } from './repeat-notifications.ts';
import { faultyRequests } from './request-faults.ts';

export { FAULT_RATES, type FaultLevel } from './rates.ts';

/** A minute of a job's timeout with faults: short for a job that hangs, long enough for one on a busy machine. */
export const FAULTY_MINUTE_MS = 1_000;

export type FaultOptions = { readonly seed: string; readonly level: FaultLevel };

/** All faults of a local stack, and their counts. */
export type Faults = {
  readonly interceptor: Interceptor;
  readonly wrapPublish: PublishWrapper;
  readonly wrapExecute: (execute: Execute) => Execute;
  /** Begins the faults that no request triggers; returns a function that ends them. */
  readonly begin: (clients: Clients) => () => Promise<void>;
  readonly counts: () => Readonly<Record<string, number>>;
};

/** Creates the faults of a seed. The same seed affects the same requests, jobs, events and notifications. */
export const createFaults = ({ seed, level }: FaultOptions): Faults => {
  const counter = createFaultCounter();
  const context = { faultPlan: createFaultPlan(`${level} ${seed}`), rates: FAULT_RATES[level], counter, now: Date.now };
  const jobs = faultyJobs(context);
  let connected: Clients | null = null;
  const links = [
    delayNotifications(() => connected, DEFAULT_BUCKET, context),
    jobs.interceptor,
    faultyRequests(context),
  ];
  return {
    interceptor: (exchange, next) => chain(links, next)(exchange),
    wrapPublish: faultyEvents(context),
    wrapExecute: jobs.wrapExecute,
    begin: (clients) => {
      connected = clients;
      const ends = [repeatNotifications(clients, DEFAULT_BUCKET, context), runReconcilersOften(clients)];
      return async () => {
        for (const end of ends) end();
      };
    },
    counts: counter.counts,
  };
};

/** No faults. */
export const NO_FAULTS: Faults = {
  interceptor: (exchange, next) => next(exchange),
  wrapPublish: (publish) => publish,
  wrapExecute: (execute) => execute,
  begin: () => async () => {},
  counts: () => ({}),
};
