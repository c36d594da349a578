import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** How one seed ended; a line of the results file. */
export const SeedRecord = z.object({
  seed: z.int(),
  level: z.string(),
  /** `hand`: it did not come to its end by itself, or the local stack broke. */
  outcome: z.enum(['equal', 'differs', 'hand']),
  /** Files of the export that differ; what was waited for in vain. */
  why: z.array(z.string()),
  injected: z.record(z.string(), z.number()),
  /** Attempts of stages beyond the first. */
  attempts: z.number(),
  seconds: z.number(),
  /** Resident memory of the worker at the end, MiB. */
  memory: z.number(),
});
export type SeedRecord = z.infer<typeof SeedRecord>;

const parseLine = (line: string): SeedRecord[] => {
  try {
    return [SeedRecord.parse(JSON.parse(line))];
  } catch {
    return [];
  }
};

/** What former calls have found out; a line that was cut off is left out, and its seed runs again. */
export const readRecords = (path: string): SeedRecord[] =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').flatMap(parseLine) : [];

/** Takes a cut-off line away, so that the next one stands alone. */
export const patchRecords = (path: string): void => {
  const lines = readRecords(path).map((record) => `${JSON.stringify(record)}\n`);
  writeFileSync(path, lines.join(''));
};

export const addRecord = (path: string, record: SeedRecord): void =>
  appendFileSync(path, `${JSON.stringify(record)}\n`);

const injections = ({ injected }: SeedRecord): number => Object.values(injected).reduce((sum, n) => sum + n, 0);

/** `seed 17 equal: 412 faults, 9 attempts, 48 s` */
export const renderRecord = (record: SeedRecord): string => {
  const { seed, outcome, attempts, seconds, memory, why } = record;
  const told = `${injections(record)} faults, ${attempts} further attempts, ${seconds} s, worker ${memory} MiB`;
  return [`seed ${String(seed).padStart(3)} ${outcome.padEnd(7)} ${told}`, ...why.map((line) => `    ${line}`)].join(
    '\n',
  );
};

const total = (records: readonly SeedRecord[]): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const { injected } of records) {
    for (const [kind, n] of Object.entries(injected)) sums[kind] = (sums[kind] ?? 0) + n;
  }
  return sums;
};

/** What all seeds together say. */
export const renderSummary = (records: readonly SeedRecord[]): string[] => {
  const of = (outcome: SeedRecord['outcome']): number => records.filter((each) => each.outcome === outcome).length;
  const times = records.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const kinds = Object.entries(total(records)).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `${records.length} seeds: ${of('equal')} equal, ${of('differs')} differ, ${of('hand')} needed a hand`,
    `a seed took ${times[Math.floor(times.length / 2)] ?? 0} s (median), ${times.at(-1) ?? 0} s at most`,
    `injected: ${kinds.map(([kind, n]) => `${kind} ${n}`).join(', ')}`,
    `attempts beyond the first: ${records.reduce((sum, { attempts }) => sum + attempts, 0)}`,
  ];
};
