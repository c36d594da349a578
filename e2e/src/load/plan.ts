import { createFaultPlan } from '@music-etl/local';
import { stream } from '../rows.ts';

/** One version of a file, put `atMs` after the beginning. */
export interface PlannedPut {
  readonly atMs: number;
  readonly key: string;
  readonly body: string;
}

const USERS = ['u1', 'u2', 'u3', 'nobody'];
const TRACKS = ['T1', 'T2', 'T3'];
const DATES = ['2018-11-15', '2018-11-16', '2018-11-18'];
const ROWS = 8;
/** One put in so many corrects an earlier file; one in so many of these comes in three versions at once. */
const CORRECTS = 6;
const BURSTS = 3;

const pick = (all: readonly string[], chance: number): string => all[Math.floor(chance * all.length)] ?? '';

/**
 * Small files, evenly over a time, some of them corrections of earlier ones, some corrected twice more at once: the
 * same for the same seed. No two bodies are equal.
 */
export const planPuts = (files: number, overMs: number, seed: string): PlannedPut[] => {
  const faultPlan = createFaultPlan(seed);
  const bodyOf = (n: number, version: number): string => {
    const lines = Array.from({ length: ROWS }, (_, row) => {
      const chance = (what: string): number => faultPlan(what, n, version, row);
      const second = String(Math.floor(chance('second') * 60)).padStart(2, '0');
      const hour = String(Math.floor(chance('hour') * 24)).padStart(2, '0');
      const time = `${pick(DATES, chance('date'))} ${hour}:00:${second}`;
      return `e${n}-${version}-${row},${pick(USERS, chance('user'))},${pick(TRACKS, chance('track'))},${time},60000`;
    });
    return stream(...lines);
  };
  const puts: PlannedPut[] = [];
  const keys: string[] = [];
  for (let n = 0; puts.length < files; n += 1) {
    const atMs = (puts.length / files) * overMs;
    const earlier = n > 0 && n % CORRECTS === 0 ? pick(keys, faultPlan('which', n)) : null;
    const versions = earlier !== null && (n / CORRECTS) % BURSTS === 0 ? 3 : 1;
    const key = earlier ?? `streams/load/${String(n).padStart(5, '0')}.csv`;
    if (earlier === null) keys.push(key);
    for (let version = 0; version < versions; version += 1) puts.push({ atMs, key, body: bodyOf(n, version) });
  }
  return puts.slice(0, files);
};
