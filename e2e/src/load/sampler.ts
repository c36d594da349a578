import { readFileSync } from 'node:fs';
import type { Queues } from '../../../cli/src/shared/ports.ts';

/** One sample: messages in all queues, dead-letter messages apart, and resident memory in MiB. */
export interface Sample {
  readonly seconds: number;
  readonly queued: number;
  readonly dead: number;
  readonly memory: Readonly<Record<string, number>>;
}

const residentMiB = (pid: number): number => {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kib ?? 0) / 1024);
};

/** Samples queues and processes once a second until `end`. */
export const startSampling = (queues: Queues, pids: Readonly<Record<string, number>>) => {
  const samples: Sample[] = [];
  const began = Date.now();
  let ended = false;

  const sample = async (): Promise<void> => {
    const views = await queues.look();
    const depth = (dead: boolean): number =>
      views
        .filter((view) => view.dead === dead)
        .reduce((sum, { visible, in_flight, delayed }) => sum + visible + in_flight + delayed, 0);
    const memory = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, residentMiB(pid)]));
    samples.push({ seconds: Math.round((Date.now() - began) / 1000), queued: depth(false), dead: depth(true), memory });
  };

  const work = (async () => {
    while (!ended) {
      await sample();
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  })();
  return {
    samples,
    end: async (): Promise<void> => {
      ended = true;
      await work;
    },
  };
};

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, n) => sum + n, 0) / Math.max(1, numbers.length);

/** Returns a process's memory after a quarter of the time, when it is warm, and at the end: means of a tenth each. */
export const growthOf = (samples: readonly Sample[], name: string): { first: number; last: number } => {
  const all = samples.map(({ memory }) => memory[name] ?? 0);
  const tenth = Math.max(1, Math.floor(all.length / 10));
  const quarter = Math.floor(all.length / 4);
  return {
    first: Math.round(mean(all.slice(quarter, quarter + tenth))),
    last: Math.round(mean(all.slice(-tenth))),
  };
};
