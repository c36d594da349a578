import { contentVersion, type FileState } from '@music-etl/contracts';
import { imbalances } from '../shared/pipeline/balance.ts';
import { ofTheDead } from '../shared/pipeline/dead-attention.ts';
import { type Attention, attentions } from '../shared/pipeline/file-attention.ts';
import { type Expected, type Verdict, versionOf } from '../shared/pipeline/outcome.ts';
import { type DeadLetter, knownRuns, type Snapshot } from '../shared/pipeline/snapshot.ts';
import { EMPTY_LEDGER, quarantinedRows } from '../shared/versions.ts';

const GOOD_ENDS: readonly FileState[] = ['archived', 'held', 'rejected'];

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
  verdict: Verdict['kind'];
  files: FileReport[];
  dates: { date: string; accepted: number; counted: number; skipped: number; duplicate: number }[];
  imbalances: string[];
  attention: Attention[];
  /** `incomplete`: dates of which the table held a mixture of two generations. */
  exported: { out: string; lines: Record<string, number>; incomplete: string[] } | null;
  seconds: Record<string, number>;
  /** With --faults: what was injected, and what it took to recover. */
  faults?: FaultReport;
}

export interface FaultReport {
  injected: Readonly<Record<string, number>>;
  /** Attempts beyond the first of a stage on a run: what it took to recover. */
  attempts: number;
}

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
    quarantined: quarantinedRows(ledger),
    duplicate: ledger.duplicate,
  };
};

/** How a run of a directory ended: good only if every file came to a proper end and every ledger balances. */
export const reportRun = (
  snapshot: Snapshot,
  expected: readonly Expected[],
  verdict: Verdict,
  letters: readonly DeadLetter[],
): Omit<RunReport, 'exported' | 'seconds'> => {
  const files = expected.map((put) => reportFile(snapshot, put));
  const dates = snapshot.dates
    .filter(({ ledger }) => ledger.accepted > 0)
    .map(({ date, ledger: { accepted, counted, skipped, duplicate } }) => ({
      date,
      accepted,
      counted,
      skipped,
      duplicate,
    }));
  const unbalanced = verdict.kind === 'terminal' ? imbalances(snapshot.files, snapshot.dates) : [];
  const ended = files.every(({ state }) => GOOD_ENDS.some((good) => good === state));
  return {
    ok: verdict.kind === 'terminal' && ended && unbalanced.length === 0,
    verdict: verdict.kind,
    files,
    dates,
    imbalances: unbalanced,
    attention: [
      ...ofTheDead(verdict.kind === 'dead' ? verdict.stages : [], letters, knownRuns(snapshot)),
      ...attentions(snapshot),
    ],
  };
};
