export { stackStatus, startDaemon, stopStack } from './daemon-control.ts';
export type { DaemonRecord } from './daemon-record.ts';
export { withStack } from './environment.ts';
export { LocalStackError } from './errors.ts';
export type { BusEvent } from './events/event.ts';
export { FAULT_RATES, type FaultLevel, type FaultOptions } from './faults/index.ts';
export type { Answer, Exchange, Interceptor, Next, Reply } from './gateway/exchange.ts';
export type { Publish, PublishWrapper } from './services.ts';
export { type LocalStack, type StackOptions, startStack } from './stack.ts';
