import type { FileDocument, FileState, FileVersion, StageDocument } from '@music-etl/contracts';
import { currentValidation, validationsOf } from '../versions.ts';
import { deadLetters, isQuiet, type Snapshot } from './snapshot.ts';

/** A file that was put, by the version S3 gave it. */
export interface Expected {
  key: string;
  version_id: string;
}

export type Verdict =
  | { kind: 'going' }
  | { kind: 'terminal' }
  | { kind: 'dead'; stages: StageDocument[]; letters: number }
  | { kind: 'waiting'; keys: string[] }
  | { kind: 'stalled'; keys: string[] };

const SETTLED: readonly FileState[] = ['archived', 'held', 'rejected', 'superseded'];

/** The version that came with what was put: itself, or the one whose content it repeated. */
const arrivalOf = (file: FileDocument, expected: Expected): FileVersion | undefined =>
  file.versions.find(
    ({ version_id, repeats }) => version_id === expected.version_id || repeats.includes(expected.version_id),
  );

/** How what was put stands: its newest validation; null where it is not known yet. */
export const versionOf = (file: FileDocument | undefined, expected: Expected): FileVersion | null => {
  if (!file) return null;
  const arrived = arrivalOf(file, expected);
  return arrived ? currentValidation(file, arrived) : null;
};

export const isTerminal = ({ state }: FileVersion): boolean => SETTLED.includes(state);

/** A version that was put has terminal when no replay of it is under way either. */
const hasTerminal = (file: FileDocument | undefined, expected: Expected): boolean => {
  if (!file) return false;
  const arrived = arrivalOf(file, expected);
  return arrived !== undefined && validationsOf(file, arrived).every(isTerminal);
};

export const deadStages = (snapshot: Snapshot): StageDocument[] =>
  [...snapshot.runs.values()].flatMap(({ stages }) => Object.values(stages).filter(({ state }) => state === 'dead'));

/** How long nothing may move before it counts as waiting for ever, or as stuck. */
export interface Patience {
  quietMs: number;
  stallMs: number;
}

/**
 * Whether what was put has come to rest.
 * @param stillForMs how long no look has shown anything new
 */
export const validate = (
  snapshot: Snapshot,
  expected: readonly Expected[],
  stillForMs: number,
  patience: Patience,
): Verdict => {
  const stages = deadStages(snapshot);
  const letters = deadLetters(snapshot);
  if (stages.length > 0 || letters > 0) return { kind: 'dead', stages, letters };

  const byKey = new Map(snapshot.files.map((file) => [file.key, file]));
  const open = expected
    .filter((put) => !hasTerminal(byKey.get(put.key), put))
    .map((put) => ({ key: put.key, version: versionOf(byKey.get(put.key), put) }));
  if (open.length === 0 && snapshot.active.length === 0 && snapshot.pending === 0) return { kind: 'terminal' };

  const keys = open.map(({ key }) => key);
  const allWait = open.length > 0 && open.every(({ version }) => version?.state === 'waiting');
  const noReference = !snapshot.reference?.reference_version;
  if (allWait && noReference && isQuiet(snapshot) && stillForMs >= patience.quietMs) return { kind: 'waiting', keys };
  return stillForMs >= patience.stallMs ? { kind: 'stalled', keys } : { kind: 'going' };
};
