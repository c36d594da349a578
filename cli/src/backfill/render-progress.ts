import { many, clock as minutes } from '../shared/format.ts';
import type { RunState } from './backfill-runs.ts';
import { spanWords } from './dates.ts';
import type { RunOutcome } from './run-outcome.ts';
import type { BackfillRun } from './start-run.ts';

const outcomeWords = ({ written, removed, changed }: RunOutcome): string =>
  [
    `${many(written, 'item')} written`,
    ...(removed > 0 ? [`${many(removed, 'item')} removed`] : []),
    changed === 0 ? 'no value changed' : `${many(changed, 'item')} changed`,
  ].join(', ');

/** Renders the line of a completed run. */
export const doneLine = ({ dates }: BackfillRun, outcome: RunOutcome, position: string, elapsedMs: number): string =>
  `${minutes(elapsedMs).padStart(5)}  ${position}  ${spanWords(dates)}: ${outcomeWords(outcome)}`;

const activeWords = ({ run, progress }: RunState): string[] => {
  if (progress.kind === 'active') return [`${spanWords(run.dates)} (${progress.stage})`];
  return progress.kind === 'requested' ? [`${spanWords(run.dates)} (requested)`] : [];
};

/** Renders how many runs are done, and which are active. */
export const progressLine = (states: readonly RunState[], elapsedMs: number): string => {
  const done = states.filter(({ progress }) => progress.kind === 'done').length;
  const active = states.flatMap(activeWords).join(', ');
  return `${minutes(elapsedMs)}  ${done} of ${many(states.length, 'run')} done; ${active}`;
};
