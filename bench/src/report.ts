import { STAGES, type Stage } from '@music-etl/contracts';
import type { Arrival, Leg } from './arrival.ts';
import { median, seconds, table } from './tables.ts';

/** Returns the parts of a stage: until the claim, until Glue, until the process, the job, until the stage is closed. */
const parts = (legs: readonly Leg[], index: number): number[] => {
  const leg = legs[index];
  if (!leg) return [];
  const before = legs[index - 1]?.closed ?? 0;
  return [
    leg.claimed - before,
    leg.accepted - leg.claimed,
    leg.began - leg.accepted,
    leg.ended - leg.began,
    leg.closed - leg.ended,
  ];
};

const HEADER = ['stage', 'to the claim', 'to Glue', 'to the process', 'job', 'to the close', 'sum', 'bare process'];

type Bare = Record<Stage, number>;

const stageRow = (stage: Stage, index: number, arrivals: readonly Arrival[], bare: Bare): string[] => {
  const measured = arrivals.map(({ legs }) => parts(legs, index));
  const medians = HEADER.slice(1, 6).map((_, part) => median(measured.map((found) => found[part] ?? Number.NaN)));
  const sum = median(measured.map((found) => found.reduce((a, b) => a + b, 0)));
  return [stage, ...medians.map(seconds), seconds(sum), bare[stage].toFixed(2)];
};

/** Renders (b): the parts of every stage, and the whole way to the table and to the archive. */
export const renderArrivals = (title: string, arrivals: readonly Arrival[], bare: Bare): string => {
  const rows = STAGES.map((stage, i) => stageRow(stage, i, arrivals, bare));
  const toTable = STAGES.slice(0, 4).reduce((sum, stage) => sum + bare[stage], 0);
  const toArchive = toTable + bare.archive;
  const inTable = median(arrivals.map((arrival) => arrival.inTable)) / 1000;
  const fastest = Math.min(...arrivals.map((arrival) => arrival.inTable)) / 1000;
  const archived = median(arrivals.map(({ legs }) => legs.at(-1)?.closed ?? Number.NaN)) / 1000;
  const times = (whole: number, part: number): string => `${(whole / part).toFixed(2)} ×`;
  return [
    table(title, HEADER, rows),
    '',
    `arrival to table: ${inTable.toFixed(2)} s (fastest ${fastest.toFixed(2)} s), ` +
      `${times(inTable, toTable)} the bare processes of its four jobs (${toTable.toFixed(2)} s)`,
    `arrival to archive: ${archived.toFixed(2)} s, ` +
      `${times(archived, toArchive)} the bare processes of all five jobs (${toArchive.toFixed(2)} s)`,
  ].join('\n');
};
