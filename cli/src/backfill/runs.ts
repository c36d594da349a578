import type { StageDocument } from '@music-etl/contracts';

/** The stages a backfill's run passes through. */
export const BACKFILL_STAGES = ['kpi', 'load', 'archive'] as const;

export type RunLook =
  /** Its documents are not there. */
  | { kind: 'absent' }
  /** Its message was not taken, or perhaps never sent. */
  | { kind: 'unclaimed' }
  | { kind: 'under way'; stage: string }
  | { kind: 'dead'; stage: StageDocument }
  | { kind: 'done' };

/** How far a run is. `stages`: those of kpi, load and archive that were claimed. */
export const lookOf = (exists: boolean, stages: readonly StageDocument[]): RunLook => {
  if (!exists) return { kind: 'absent' };
  if (stages.some(({ stage, state }) => stage === 'archive' && state === 'closed')) return { kind: 'done' };
  const dead = stages.find(({ state }) => state === 'dead');
  if (dead) return { kind: 'dead', stage: dead };
  const last = stages.at(-1);
  return last ? { kind: 'under way', stage: last.stage } : { kind: 'unclaimed' };
};

/** `2018-11-01 … 2018-11-07`, `2018-11-01` */
export const spanWords = (dates: readonly string[]): string => {
  const [first, last] = [dates[0] ?? 'no date', dates.at(-1) ?? ''];
  return dates.length > 1 ? `${first} … ${last}` : first;
};
