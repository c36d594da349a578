import type { FileLedger, FileState, Stage, StageState } from '@music-etl/contracts';
import { imbalances } from '../shared/pipeline/balance.ts';
import { ofTheDead } from '../shared/pipeline/dead-attention.ts';
import { type Attention, attentions } from '../shared/pipeline/file-attention.ts';
import { deadStages } from '../shared/pipeline/outcome.ts';
import { type DeadLetter, isQuiet, type QueueView, type Snapshot } from '../shared/pipeline/snapshot.ts';
import type { Target } from '../shared/target.ts';
import { addLedgers, listedVersions, newestVersion } from '../shared/versions.ts';
import type { Runs } from './render-dead-letters.ts';

/** What `status --json` prints. */
export interface Status {
  target: { endpoint: string | null; origin: string; bucket: string; table: string };
  reference: { version: string; tracks: number; users: number } | null;
  files: { total: number; by_state: Partial<Record<FileState, number>>; ledger: FileLedger };
  dates: {
    total: number;
    first: string | null;
    last: string | null;
    accepted: number;
    counted: number;
    skipped: number;
    duplicate: number;
  };
  pending: number;
  replays: number;
  active: {
    stage: Stage;
    run_id: string;
    state: StageState | null;
    attempt: number;
    files: number;
    since: string | null;
  }[];
  queues: readonly QueueView[];
  attention: Attention[];
  imbalances: string[];
}

const byState = (snapshot: Snapshot): Partial<Record<FileState, number>> => {
  const states: Partial<Record<FileState, number>> = {};
  for (const file of snapshot.files) {
    const state = newestVersion(file)?.state;
    if (state) states[state] = (states[state] ?? 0) + 1;
  }
  return states;
};

const ledgerOf = (snapshot: Snapshot): FileLedger =>
  addLedgers(snapshot.files.flatMap((file) => listedVersions(file).flatMap(({ ledger }) => (ledger ? [ledger] : []))));

const datesOf = ({ dates }: Snapshot): Status['dates'] => {
  const filled = dates.filter(({ ledger }) => ledger.accepted > 0);
  const names = filled.map(({ date }) => date).sort();
  const sum = (of: 'accepted' | 'counted' | 'skipped' | 'duplicate'): number =>
    filled.reduce((total, { ledger }) => total + ledger[of], 0);
  return {
    total: filled.length,
    first: names[0] ?? null,
    last: names.at(-1) ?? null,
    accepted: sum('accepted'),
    counted: sum('counted'),
    skipped: sum('skipped'),
    duplicate: sum('duplicate'),
  };
};

const activeOf = (snapshot: Snapshot): Status['active'] =>
  snapshot.active.map(({ stage, run_id }) => {
    const run = snapshot.runs.get(run_id);
    const doc = run?.stages[stage];
    return {
      stage,
      run_id,
      state: doc?.state ?? null,
      attempt: doc?.attempt ?? 0,
      files: run?.document?.files.length ?? 0,
      since: doc?.started_at ?? doc?.claimed_at ?? null,
    };
  });

/** Everything `status` says, from one look. A ledger is compared across files and dates only while nothing moves. */
export const statusOf = (
  snapshot: Snapshot,
  target: Target,
  letters: readonly DeadLetter[],
  runs: Runs = new Map(),
): Status => ({
  target: { endpoint: target.endpoint, origin: target.origin, bucket: target.bucket, table: target.table },
  reference: snapshot.reference?.reference_version
    ? {
        version: snapshot.reference.reference_version,
        tracks: snapshot.reference.tracks,
        users: snapshot.reference.users,
      }
    : null,
  files: { total: snapshot.files.length, by_state: byState(snapshot), ledger: ledgerOf(snapshot) },
  dates: datesOf(snapshot),
  pending: snapshot.pending,
  replays: snapshot.replays,
  active: activeOf(snapshot),
  queues: snapshot.queues,
  attention: [...ofTheDead(deadStages(snapshot), letters, runs), ...attentions(snapshot)],
  imbalances: isQuiet(snapshot) ? imbalances(snapshot.files, snapshot.dates) : [],
});
