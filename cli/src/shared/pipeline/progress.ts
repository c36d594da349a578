import { latestVersion } from '@music-etl/contracts';
import { clock, duration } from '../format.ts';
import { shortRun } from './run-id.ts';
import type { Snapshot } from './snapshot.ts';

const fileStates = ({ files }: Snapshot): string => {
  const states = new Map<string, number>();
  for (const file of files) {
    const state = latestVersion(file)?.state ?? 'pending';
    states.set(state, (states.get(state) ?? 0) + 1);
  }
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
