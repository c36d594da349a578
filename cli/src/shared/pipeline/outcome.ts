import {
  type FileDocument,
  type FileVersion,
  isTerminal,
  type StageDocument,
  versionsOfContent,
} from '@music-etl/contracts';
import { currentValidation } from '../listed-versions.ts';
import { deadLetterCount, deadStages, isQuiet, type Snapshot } from './snapshot.ts';

/** A file that was put, by the version id that S3 gave it. */
export interface Expected {
  key: string;
  version_id: string;
}

/** How far the files that were put have come. `waiting` and `stalled` never end by themselves. */
export type Outcome =
  | { kind: 'going' }
  | { kind: 'terminal' }
  | { kind: 'dead'; stages: StageDocument[]; messages: number }
  | { kind: 'waiting'; keys: string[] }
  | { kind: 'stalled'; keys: string[] };

/** Finds the version that came with what was put: itself, or the one whose content it repeated. */
const arrivalOf = (file: FileDocument, expected: Expected): FileVersion | undefined =>
  file.versions.find(
    ({ version_id, repeats }) => version_id === expected.version_id || repeats.includes(expected.version_id),
  );

/** Returns the newest validation of what was put; null where none is known yet. */
export const versionOf = (file: FileDocument | undefined, expected: Expected): FileVersion | null => {
  const arrived = file && arrivalOf(file, expected);
  return arrived ? currentValidation(file, arrived) : null;
};

/** A file has reached its end when no replay of it is under way either. */
const hasEnded = (file: FileDocument | undefined, expected: Expected): boolean => {
  const arrived = file && arrivalOf(file, expected);
  return file !== undefined && arrived !== undefined && versionsOfContent(file, arrived).every(isTerminal);
};

/** How long nothing may change before the pipeline counts as waiting for ever, or as stalled. */
export interface Patience {
  quietMs: number;
  stallMs: number;
}

/**
 * Decides whether the files that were put have all reached a terminal state, or never will.
 * @param stillForMs how long no snapshot has shown anything new
 */
export const outcomeOf = (
  snapshot: Snapshot,
  expected: readonly Expected[],
  stillForMs: number,
  patience: Patience,
): Outcome => {
  const [stages, messages] = [deadStages(snapshot), deadLetterCount(snapshot)];
  if (stages.length > 0 || messages > 0) return { kind: 'dead', stages, messages };

  const byKey = new Map(snapshot.files.map((file) => [file.key, file]));
  const open = expected.filter((put) => !hasEnded(byKey.get(put.key), put));
  if (open.length === 0 && snapshot.active.length === 0 && snapshot.pending === 0) return { kind: 'terminal' };

  const keys = open.map(({ key }) => key);
  const allWait = open.length > 0 && open.every((put) => versionOf(byKey.get(put.key), put)?.state === 'waiting');
  const noReference = !snapshot.reference?.reference_version;
  if (allWait && noReference && isQuiet(snapshot) && stillForMs >= patience.quietMs) return { kind: 'waiting', keys };
  return stillForMs >= patience.stallMs ? { kind: 'stalled', keys } : { kind: 'going' };
};
