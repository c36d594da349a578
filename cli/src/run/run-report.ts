import { contentVersion, countQuarantined, type FileState } from '@music-etl/contracts';
import type { ExportSummary } from '../export/export.ts';
import { EMPTY_LEDGER } from '../shared/ledgers.ts';
import type { Attention } from '../shared/pipeline/attention.ts';
import { imbalances } from '../shared/pipeline/balance.ts';
import { deadAttention } from '../shared/pipeline/dead-attention.ts';
import { fileAttention } from '../shared/pipeline/file-attention.ts';
import { type Expected, type Outcome, versionOf } from '../shared/pipeline/outcome.ts';
import { type DeadLetterMessage, knownRuns, type Snapshot } from '../shared/pipeline/snapshot.ts';
import type { FaultReport } from './faults.ts';

const GOOD_ENDS: readonly (FileState | 'unseen')[] = ['archived', 'held', 'rejected'];

export interface FileReport {
  key: string;
  state: FileState | 'unseen';
  version: number | null;
  read: number;
  accepted: number;
  quarantined: number;
  duplicate: number;
}

/** What `run --json` prints. */
export interface RunReport {
  ok: boolean;
  outcome: Outcome['kind'];
  files: FileReport[];
  dates: { date: string; accepted: number; counted: number; skipped: number; duplicate: number }[];
  imbalances: string[];
  attention: Attention[];
  exported: ExportSummary | null;
  /** How long each step took. */
  seconds: Record<string, number>;
  /** With --faults. */
  faults?: FaultReport;
}

/** Returns true for a state in which a run leaves a file when all went well. */
export const isGoodEnd = (state: FileReport['state']): boolean => GOOD_ENDS.includes(state);

const reportFile = (snapshot: Snapshot, put: Expected): FileReport => {
  const version = versionOf(
    snapshot.files.find(({ key }) => key === put.key),
    put,
  );
  const ledger = version?.ledger ?? EMPTY_LEDGER;
  return {
    key: put.key,
    state: version?.state ?? 'unseen',
    version: version && contentVersion(version),
    read: ledger.read,
    accepted: ledger.accepted,
    quarantined: countQuarantined(ledger),
    duplicate: ledger.duplicate,
  };
};

const reportDates = ({ dates }: Snapshot): RunReport['dates'] =>
  dates.flatMap(({ date, ledger: { accepted, counted, skipped, duplicate } }) =>
    accepted > 0 ? [{ date, accepted, counted, skipped, duplicate }] : [],
  );

/** Reports how a run ended: well only if every file reached a proper end and every ledger balances. */
export const reportRun = (
  snapshot: Snapshot,
  expected: readonly Expected[],
  outcome: Outcome,
  messages: readonly DeadLetterMessage[],
): Omit<RunReport, 'exported' | 'seconds'> => {
  const files = expected.map((put) => reportFile(snapshot, put));
  const isTerminal = outcome.kind === 'terminal';
  const unbalanced = isTerminal ? imbalances(snapshot.files, snapshot.dates) : [];
  const dead = deadAttention(outcome.kind === 'dead' ? outcome.stages : [], messages, knownRuns(snapshot));
  return {
    ok: isTerminal && files.every(({ state }) => isGoodEnd(state)) && unbalanced.length === 0,
    outcome: outcome.kind,
    files,
    dates: reportDates(snapshot),
    imbalances: unbalanced,
    attention: [...dead, ...fileAttention(snapshot)],
  };
};
