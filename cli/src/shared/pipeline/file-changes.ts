import { contentVersion, type FileDocument, type FileVersion, isVoidReplay } from '@music-etl/contracts';
import { clip, clipLeft, clock as minutes } from '../format.ts';
import { EMPTY_LEDGER, ledgerNumbers } from '../ledgers.ts';
import { stateWords } from '../state-words.ts';
import type { Snapshot } from './snapshot.ts';

const MARKS: Partial<Record<FileVersion['state'], string>> = { archived: '✔', held: '✋', rejected: '✘', waiting: '…' };
const NAME_WIDTH = 29;
/** read = accepted + quarantined + duplicate */
const LEDGER_WIDTHS = [5, 5, 3, 2];
const LONGEST_WHY = 80;

const endOf = (snapshot: Snapshot, version: FileVersion): number | null => {
  const stages = version.run_id ? snapshot.runs.get(version.run_id)?.stages : undefined;
  const ends = Object.values(stages ?? {}).flatMap(({ ended_at }) => (ended_at ? [Date.parse(ended_at)] : []));
  return ends.length > 0 ? Math.max(...ends) : null;
};

const timeOf = (snapshot: Snapshot, version: FileVersion): string => {
  const end = endOf(snapshot, version);
  const began = version.replay?.requested_at ?? version.arrived_at;
  return end === null ? '' : ` ${minutes(Math.max(0, end - Date.parse(began)))}`;
};

/** Says which of several versions this is, and why one was reprocessed. */
const versionWords = (version: FileVersion): string => {
  const content = contentVersion(version);
  const why = version.replay && `, reprocessed: ${clip(version.replay.why, LONGEST_WHY)}`;
  return `${content > 1 ? `, version ${content}` : ''}${why ?? ''}`;
};

/** Describes a version by its ledger and the time that it took, or by the reason why it was not read. */
const fileWords = (snapshot: Snapshot, file: FileDocument, version: FileVersion): string => {
  const { state, reason } = version;
  const name = clipLeft(file.key.replace(/^streams\//, ''), NAME_WIDTH).padEnd(NAME_WIDTH);
  const head = `${MARKS[state] ?? ' '} ${name}  `;
  const which = versionWords(version);
  if (isVoidReplay(file, version)) {
    return `${head}no effect${which}: ${stateWords(state)}: ${reason?.detail ?? ''}`;
  }
  if (state === 'waiting') return `${head}waiting for reference data${which}`;
  if (state === 'rejected') return `${head}rejected${which}: ${reason?.detail ?? ''}`;
  const numbers = ledgerNumbers(version.ledger ?? EMPTY_LEDGER, LEDGER_WIDTHS);
  return `${head}${numbers}  ${stateWords(state)}${timeOf(snapshot, version)}${which}`;
};

/** Returns the version that was made last, void replays among them. */
const lastVersion = ({ versions }: FileDocument): FileVersion | undefined =>
  [...versions].sort((a, b) => a.version - b.version).at(-1);

/** Describes the files that wait or reached a terminal state between two snapshots, a line each. */
export const fileChanges = (before: Snapshot, after: Snapshot): string[] => {
  const known = new Map(before.files.map((file) => [file.key, lastVersion(file)]));
  return after.files
    .map((file) => ({ file, version: lastVersion(file), was: known.get(file.key) }))
    .sort((a, b) => (a.file.key < b.file.key ? -1 : 1))
    .flatMap(({ file, version, was }) => {
      if (!version || MARKS[version.state] === undefined) return [];
      if (was?.version === version.version && was.state === version.state) return [];
      return [fileWords(after, file, version)];
    });
};
