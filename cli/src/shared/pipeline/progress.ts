import { latestVersion } from '@music-etl/contracts';
import { countEqual } from '../count-equal.ts';
import { clock, duration } from '../format.ts';
import { stateWords } from '../state-words.ts';
import { shortRun } from './run-id.ts';
import type { Snapshot } from './snapshot.ts';

const fileStates = ({ files }: Snapshot): string => {
  const states = countEqual(files.map((file) => stateWords(latestVersion(file)?.state ?? 'pending')));
  return [...states].map(([state, n]) => `${n} ${state}`).join(', ') || 'none yet';
};

/** Renders the pipeline in one line, for a terminal that refreshes it. */
export const progressLine = (snapshot: Snapshot, elapsedMs: number, now: number): string => {
  const active = snapshot.active.map(({ stage, run_id }) => {
    const started = snapshot.runs.get(run_id)?.stages[stage]?.started_at;
    return `${stage} ${shortRun(run_id)}${started ? ` ${duration(Math.max(0, now - Date.parse(started)))}` : ''}`;
  });
  return [clock(elapsedMs), `files: ${fileStates(snapshot)}`, ...active].join(' · ');
};
