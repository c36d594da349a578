export { floorStatus, startDaemon, stopFloor } from './daemon-control.ts';
export type { DaemonRecord } from './daemon-record.ts';
export { withFloor } from './environment.ts';
export { FloorError } from './errors.ts';
export type { BusEvent } from './events/event.ts';
export { FAULT_RATES, type FaultLevel, type FaultOptions } from './faults/index.ts';
export { type Floor, type FloorOptions, startFloor } from './floor.ts';
export type { Answer, Exchange, Interceptor, Next, Reply } from './gateway/exchange.ts';
export type { Publish, PublishWrapper } from './services.ts';
