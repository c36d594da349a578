import { type FileVersion, STAGES, type Stage, type StageDocument } from '@music-etl/contracts';
import { clip, count, duration, many } from '../format.ts';
import { addLedgers, ledgerNumbers } from '../ledgers.ts';
import { shortRun } from './run-id.ts';
import type { RunView, Snapshot } from './snapshot.ts';

/** `status` shows the whole error. */
const LONGEST_ERROR = 160;

const versionsOfRun = (snapshot: Snapshot, runId: string): FileVersion[] =>
  snapshot.files.flatMap(({ versions }) => versions.filter(({ run_id }) => run_id === runId));

const ingestWords = ({ document }: RunView): string => {
  if (!document) return '';
  const replays = document.files.filter(({ replay }) => replay !== null).length;
  const arrivals = document.files.length - replays;
  const parts = [
    ...(arrivals > 0 ? [many(arrivals, 'file')] : []),
    ...(replays > 0 ? [`${many(replays, 'file')} to be reprocessed`] : []),
    ...(document.reference_changed ? ['reference data'] : []),
  ];
  return parts.join(' and ') || 'nothing new';
};

const loadWords = ({ load }: RunView): string => {
  const dates = load?.dates ?? [];
  const written = dates.reduce((sum, date) => sum + date.written, 0);
  const removed = dates.reduce((sum, date) => sum + date.removed, 0);
  return `${many(written, 'item')} written, ${count(removed)} removed`;
};

/** What a closed stage did to a run. A stage without an entry is described by its time alone. */
const DONE: Partial<Record<Stage, (snapshot: Snapshot, run: RunView) => string>> = {
  ingest: (_, run) => ingestWords(run),
  validate: (snapshot, { run_id }) =>
    `rows ${ledgerNumbers(addLedgers(versionsOfRun(snapshot, run_id).flatMap(({ ledger }) => ledger ?? [])))}`,
  kpi: (_, { kpi }) => (kpi ? `${many(kpi.dates.length, 'date')} computed, generation ${kpi.generation}` : ''),
  load: (_, run) => loadWords(run),
  archive: (snapshot, { run_id }) =>
    `${many(versionsOfRun(snapshot, run_id).filter(({ state }) => state === 'archived').length, 'file')} archived`,
};

const took = ({ started_at, claimed_at, ended_at }: StageDocument): string =>
  ended_at ? duration(Date.parse(ended_at) - Date.parse(started_at ?? claimed_at)) : '';

const stageWords = (snapshot: Snapshot, run: RunView, doc: StageDocument): string | null => {
  const error = clip(doc.error ?? doc.job_state ?? 'no reason given', LONGEST_ERROR);
  switch (doc.state) {
    case 'closed':
      return [DONE[doc.stage]?.(snapshot, run), took(doc)].filter((words) => words).join(', ');
    case 'deferred':
      return 'at capacity: all its Glue runs are busy; it is tried again';
    case 'retrying':
      return `attempt ${doc.attempt} failed (${error}); it is tried again`;
    case 'dead':
      return `given up: ${error}`;
    default:
      return null;
  }
};

/** Describes the stages whose state or attempt changed between two snapshots, a line each. */
export const runChanges = (before: Snapshot, after: Snapshot): string[] =>
  [...after.runs.values()].flatMap((run) =>
    STAGES.flatMap((stage) => {
      const doc = run.stages[stage];
      const was = before.runs.get(run.run_id)?.stages[stage];
      if (!doc || (was?.state === doc.state && was.attempt === doc.attempt)) return [];
      const words = stageWords(after, run, doc);
      return words === null ? [] : [`${stage.padEnd(8)}  run ${shortRun(run.run_id)}  ${words}`];
    }),
  );
