import type { SeedRecord } from './record.ts';

const injections = ({ injected }: SeedRecord): number => Object.values(injected).reduce((sum, n) => sum + n, 0);

/** Renders one result: `seed  17 equal      412 faults, 9 further attempts, 48 s, worker 212 MiB`. */
export const renderRecord = (record: SeedRecord): string => {
  const { seed, outcome, attempts, seconds, memory, why } = record;
  const numbers = `${injections(record)} faults, ${attempts} further attempts, ${seconds} s, worker ${memory} MiB`;
  const head = `seed ${String(seed).padStart(3)} ${outcome.padEnd(10)} ${numbers}`;
  return [head, ...why.map((line) => `    ${line}`)].join('\n');
};

const total = (records: readonly SeedRecord[]): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const { injected } of records) {
    for (const [kind, n] of Object.entries(injected)) sums[kind] = (sums[kind] ?? 0) + n;
  }
  return sums;
};

/** Renders the totals of all seeds. */
export const renderSummary = (records: readonly SeedRecord[]): string[] => {
  const of = (outcome: SeedRecord['outcome']): number => records.filter((each) => each.outcome === outcome).length;
  const times = records.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const kinds = Object.entries(total(records)).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `${records.length} seeds: ${of('equal')} equal, ${of('different')} different, ${of('incomplete')} incomplete`,
    `a seed took ${times[Math.floor(times.length / 2)] ?? 0} s (median), ${times.at(-1) ?? 0} s at most`,
    `injected: ${kinds.map(([kind, n]) => `${kind} ${n}`).join(', ')}`,
    `attempts beyond the first: ${records.reduce((sum, { attempts }) => sum + attempts, 0)}`,
  ];
};
