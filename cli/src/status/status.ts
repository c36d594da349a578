import { type FileLedger, type FileState, latestVersion, type Stage, type StageState } from '@music-etl/contracts';
import { countEqual } from '../shared/count-equal.ts';
import { addLedgers, type DateTotals, dateTotals } from '../shared/ledgers.ts';
import { listedVersions } from '../shared/listed-versions.ts';
import type { Attention } from '../shared/pipeline/attention.ts';
import { imbalances } from '../shared/pipeline/balance.ts';
import { deadAttention } from '../shared/pipeline/dead-attention.ts';
import { fileAttention } from '../shared/pipeline/file-attention.ts';
import type { Runs } from '../shared/pipeline/run-words.ts';
import {
  type DeadLetterMessage,
  deadStages,
  isQuiet,
  type QueueView,
  type Snapshot,
} from '../shared/pipeline/snapshot.ts';
import type { Target } from '../shared/target.ts';

/** What `status --json` prints. */
export interface Status {
  target: { endpoint: string | null; origin: string; bucket: string; table: string };
  reference: { version: string; tracks: number; users: number; skipped_rows: Record<string, number> } | null;
  files: { total: number; by_state: Partial<Record<FileState, number>>; ledger: FileLedger };
  dates: DateTotals & { first: string | null; last: string | null };
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

const filesOf = (snapshot: Snapshot): Status['files'] => ({
  total: snapshot.files.length,
  by_state: Object.fromEntries(countEqual(snapshot.files.flatMap((file) => latestVersion(file)?.state ?? []))),
  ledger: addLedgers(snapshot.files.flatMap(listedVersions).flatMap(({ ledger }) => ledger ?? [])),
});

const datesOf = ({ dates }: Snapshot): Status['dates'] => {
  const names = dates.flatMap(({ date, ledger }) => (ledger.accepted > 0 ? date : [])).sort();
  return { ...dateTotals(dates), first: names[0] ?? null, last: names.at(-1) ?? null };
};

const activeOf = ({ active, runs }: Snapshot): Status['active'] =>
  active.map(({ stage, run_id }) => {
    const run = runs.get(run_id);
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

const referenceOf = ({ reference }: Snapshot): Status['reference'] => {
  if (!reference?.reference_version) return null;
  const { reference_version: version, tracks, users, skipped_rows } = reference;
  return { version, tracks, users, skipped_rows };
};

/** Collects what `status` prints. Ledgers are compared across files and dates only while nothing moves. */
export const statusOf = (
  snapshot: Snapshot,
  { endpoint, origin, bucket, table }: Target,
  messages: readonly DeadLetterMessage[],
  runs: Runs = new Map(),
): Status => ({
  target: { endpoint, origin, bucket, table },
  reference: referenceOf(snapshot),
  files: filesOf(snapshot),
  dates: datesOf(snapshot),
  pending: snapshot.pending,
  replays: snapshot.replays,
  active: activeOf(snapshot),
  queues: snapshot.queues,
  attention: [...deadAttention(deadStages(snapshot), messages, runs), ...fileAttention(snapshot)],
  imbalances: isQuiet(snapshot) ? imbalances(snapshot.files, snapshot.dates) : [],
});
