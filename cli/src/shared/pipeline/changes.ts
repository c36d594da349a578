import {
  contentVersion,
  type FileDocument,
  type FileVersion,
  STAGES,
  type Stage,
  type StageDocument,
} from '@music-etl/contracts';
import { clip, clipLeft, clock, count, duration, many } from '../format.ts';
import { addLedgers, cameToNothing, EMPTY_LEDGER, latestVersion, newestVersion, quarantinedRows } from '../versions.ts';
import type { RunView, Snapshot } from './snapshot.ts';

/** The end of a run's id, enough to tell the runs of an hour apart. */
export const shortRun = (runId: string): string => runId.slice(-8);

const versionsOfRun = (snapshot: Snapshot, runId: string): FileVersion[] =>
  snapshot.files.flatMap(({ versions }) => versions.filter(({ run_id }) => run_id === runId));

const ledgerWords = (snapshot: Snapshot, runId: string): string => {
  const ledgers = versionsOfRun(snapshot, runId).flatMap(({ ledger }) => (ledger ? [ledger] : []));
  const sum = addLedgers(ledgers);
  return (
    `${count(sum.read)} read = ${count(sum.accepted)} accepted + ${count(quarantinedRows(sum))} quarantined` +
    ` + ${count(sum.duplicate)} duplicate`
  );
};

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

/** What a stage did to a run, once it is closed. */
const doneWords = (snapshot: Snapshot, run: RunView, stage: Stage): string => {
  switch (stage) {
    case 'ingest':
      return ingestWords(run);
    case 'validate':
      return ledgerWords(snapshot, run.run_id);
    case 'kpi':
      return run.kpi ? `${many(run.kpi.dates.length, 'date')} computed, generation ${run.kpi.generation}` : '';
    case 'load': {
      const dates = run.load?.dates ?? [];
      const written = dates.reduce((sum, date) => sum + date.written, 0);
      const removed = dates.reduce((sum, date) => sum + date.removed, 0);
      return `${many(written, 'item')} written, ${count(removed)} removed`;
    }
    case 'archive':
      return `${many(versionsOfRun(snapshot, run.run_id).filter(({ state }) => state === 'archived').length, 'file')} archived`;
  }
};

const took = ({ started_at, claimed_at, ended_at }: StageDocument): string =>
  ended_at ? duration(Date.parse(ended_at) - Date.parse(started_at ?? claimed_at)) : '';

const stageWords = (snapshot: Snapshot, run: RunView, doc: StageDocument): string | null => {
  switch (doc.state) {
    case 'closed':
      return `${doneWords(snapshot, run, doc.stage)}${took(doc) ? `, ${took(doc)}` : ''}`;
    case 'deferred':
      return 'all its Glue runs are busy; it is tried again';
    case 'retrying':
      return `attempt ${doc.attempt} failed (${doc.error ?? doc.job_state ?? 'no reason given'}); it is tried again`;
    case 'dead':
      return `given up: ${doc.error ?? doc.job_state ?? 'no reason given'}`;
    default:
      return null;
  }
};

const runLines = (before: Snapshot, after: Snapshot): string[] =>
  [...after.runs.values()].flatMap((run) =>
    STAGES.flatMap((stage) => {
      const doc = run.stages[stage];
      const was = before.runs.get(run.run_id)?.stages[stage];
      if (!doc || (was?.state === doc.state && was.attempt === doc.attempt)) return [];
      const words = stageWords(after, run, doc);
      return words === null ? [] : [`${stage.padEnd(8)}  run ${shortRun(run.run_id)}  ${words}`];
    }),
  );

const MARKS: Partial<Record<FileVersion['state'], string>> = { archived: '✔', held: '✋', rejected: '✘', waiting: '…' };

const endOf = (snapshot: Snapshot, version: FileVersion): number | null => {
  const stages = version.run_id ? snapshot.runs.get(version.run_id)?.stages : undefined;
  const ends = Object.values(stages ?? {}).flatMap(({ ended_at }) => (ended_at ? [Date.parse(ended_at)] : []));
  return ends.length > 0 ? Math.max(...ends) : null;
};

const timeOf = (snapshot: Snapshot, version: FileVersion): string => {
  const end = endOf(snapshot, version);
  const began = version.replay?.requested_at ?? version.arrived_at;
  return end === null ? '' : ` in ${duration(Math.max(0, end - Date.parse(began)))}`;
};

const LONGEST_WHY = 80;

/** Which of several versions this is, and why one was reprocessed. */
const againWords = (version: FileVersion): string => {
  const content = contentVersion(version);
  const why = version.replay && `, reprocessed: ${clip(version.replay.why, LONGEST_WHY)}`;
  return `${content > 1 ? `, version ${content}` : ''}${why ?? ''}`;
};

/** A file that came to rest: its name, its ledger, how it ended and how long that took; or why it was not read. */
const fileWords = (snapshot: Snapshot, file: FileDocument, version: FileVersion): string => {
  const name = `  ${MARKS[version.state] ?? ' '} ${clipLeft(file.key.replace(/^streams\//, ''), 32).padEnd(32)}`;
  const again = againWords(version);
  if (cameToNothing(file, version))
    return `${name}  what stood goes on to count${again}: ${version.state}: ${version.reason?.detail ?? ''}`;
  if (version.state === 'waiting') return `${name}  waiting for reference data${again}`;
  if (version.state === 'rejected') return `${name}  rejected${again}: ${version.reason?.detail ?? ''}`;
  const ledger = version.ledger ?? EMPTY_LEDGER;
  const numbers =
    `${count(ledger.read).padStart(6)} = ${count(ledger.accepted).padStart(6)} + ` +
    `${count(quarantinedRows(ledger)).padStart(4)} + ${count(ledger.duplicate).padStart(3)}`;
  return `${name}  ${numbers}  ${version.state}${timeOf(snapshot, version)}${again}`;
};

const fileLines = (before: Snapshot, after: Snapshot): string[] => {
  const known = new Map(before.files.map((file) => [file.key, latestVersion(file)]));
  return after.files
    .map((file) => ({ file, version: latestVersion(file), was: known.get(file.key) }))
    .sort((a, b) => (a.file.key < b.file.key ? -1 : 1))
    .flatMap(({ file, version, was }) => {
      if (!version || MARKS[version.state] === undefined) return [];
      if (was?.version === version.version && was.state === version.state) return [];
      return [fileWords(after, file, version)];
    });
};

/** What happened between two looks, a line each. */
export const changes = (before: Snapshot, after: Snapshot): string[] => [
  ...runLines(before, after),
  ...fileLines(before, after),
];

/** The pipeline in one line, for a terminal that refreshes it. */
export const progressLine = (snapshot: Snapshot, elapsedMs: number, now: number): string => {
  const states = new Map<string, number>();
  for (const file of snapshot.files) {
    const state = newestVersion(file)?.state ?? 'pending';
    states.set(state, (states.get(state) ?? 0) + 1);
  }
  const files = [...states].map(([state, n]) => `${n} ${state}`).join(', ') || 'no file known yet';
  const hands = snapshot.active.map(({ stage, run_id }) => {
    const started = snapshot.runs.get(run_id)?.stages[stage]?.started_at;
    return `${stage} ${shortRun(run_id)}${started ? ` ${duration(Math.max(0, now - Date.parse(started)))}` : ''}`;
  });
  return [clock(elapsedMs), `files: ${files}`, ...hands].join(' · ');
};
