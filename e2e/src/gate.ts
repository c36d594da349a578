import type { Fault, ObservedRequest } from './watcher.ts';
import type { World } from './world.ts';

/** Does `work` while a fault is active. */
export const withFault = async <T>(world: World, fault: Fault, work: () => Promise<T>): Promise<T> => {
  const removeFault = world.watcher.addFault(fault);
  try {
    return await work();
  } finally {
    removeFault();
  }
};

/** Holds up requests until it opens, and counts them. */
export class Gate {
  readonly #opened: Promise<void>;
  open: () => void = () => {};
  arrived = 0;

  constructor(private readonly stops: (request: ObservedRequest) => boolean) {
    this.#opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  readonly fault: Fault = async (request) => {
    if (!this.stops(request)) return null;
    this.arrived += 1;
    await this.#opened;
    return null;
  };
}

/** Does `work` while a gate holds up requests, and opens it afterwards in any case. */
export const withGate = async <T>(
  world: World,
  stops: (request: ObservedRequest) => boolean,
  work: (gate: Gate) => Promise<T>,
): Promise<T> => {
  const gate = new Gate(stops);
  try {
    return await withFault(world, gate.fault, () => work(gate));
  } finally {
    gate.open();
  }
};
