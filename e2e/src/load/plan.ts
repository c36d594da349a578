import { createFaultPlan, type FaultPlan } from '@music-etl/local';
import { stream } from '../rows.ts';

/** One version of a file, to be put `atMs` after the beginning. */
export interface PlannedPut {
  readonly atMs: number;
  readonly key: string;
  readonly body: string;
}

const USERS = ['u1', 'u2', 'u3', 'nobody'];
const TRACKS = ['T1', 'T2', 'T3'];
const DATES = ['2018-11-15', '2018-11-16', '2018-11-18'];
const ROWS = 8;
/** One of six puts corrects an earlier file; one of three corrections comes in three versions at once. */
const PUTS_PER_CORRECTION = 6;
const CORRECTIONS_PER_BURST = 3;

const pick = (all: readonly string[], chance: number): string => all[Math.floor(chance * all.length)] ?? '';

const bodyOf = (chance: FaultPlan, n: number, version: number): string => {
  const line = (row: number): string => {
    const of = (what: string): number => chance(what, n, version, row);
    const second = String(Math.floor(of('second') * 60)).padStart(2, '0');
    const hour = String(Math.floor(of('hour') * 24)).padStart(2, '0');
    const time = `${pick(DATES, of('date'))} ${hour}:00:${second}`;
    return `e${n}-${version}-${row},${pick(USERS, of('user'))},${pick(TRACKS, of('track'))},${time},60000`;
  };
  return stream(...Array.from({ length: ROWS }, (_, row) => line(row)));
};

/**
 * Plans small files at equal intervals. Some correct earlier ones, some in three versions at once. The same seed gives
 * the same plan, and no two bodies are equal.
 */
export const planPuts = (files: number, overMs: number, seed: string): PlannedPut[] => {
  const chance = createFaultPlan(seed);
  const puts: PlannedPut[] = [];
  const keys: string[] = [];
  for (let n = 0; puts.length < files; n += 1) {
    const atMs = (puts.length / files) * overMs;
    const earlier = n > 0 && n % PUTS_PER_CORRECTION === 0 ? pick(keys, chance('which', n)) : null;
    const versions = earlier !== null && (n / PUTS_PER_CORRECTION) % CORRECTIONS_PER_BURST === 0 ? 3 : 1;
    const key = earlier ?? `streams/load/${String(n).padStart(5, '0')}.csv`;
    if (earlier === null) keys.push(key);
    for (let version = 0; version < versions; version += 1) puts.push({ atMs, key, body: bodyOf(chance, n, version) });
  }
  return puts.slice(0, files);
};
