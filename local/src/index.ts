export { type Clients, connect } from './clients.ts';
export { stackStatus, startDaemon, stopStack } from './daemon-control.ts';
export type { DaemonRecord } from './daemon-record.ts';
export { withStack } from './environment.ts';
export { LocalStackError } from './errors.ts';
export type { BusEvent } from './events/event.ts';
export { createFaultPlan, type FaultPlan } from './faults/fault-plan.ts';
export { FAULT_RATES, type FaultLevel, type FaultOptions } from './faults/index.ts';
export { runReconcilersOften } from './faults/reconcilers.ts';
export {
  type Exchange,
  type HttpResponse,
  type Interceptor,
  type Reply,
  readBody,
  readResponse,
} from './gateway/exchange.ts';
export type { PublishWrapper } from './services.ts';
export { type LocalStack, startStack } from './stack.ts';
