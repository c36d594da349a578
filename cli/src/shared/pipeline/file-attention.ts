import {
  contentVersion,
  currentVersion,
  type FileDocument,
  type FileVersion,
  latestVersion,
  wasRejectedManually,
} from '@music-etl/contracts';
import { many } from '../format.ts';
import { holdCommands } from '../hold-commands.ts';
import { compareUtf8 } from '../order.ts';
import { stateWords } from '../state-words.ts';
import { type Attention, sentence } from './attention.ts';
import { brokenReferences, waitingAttention } from './reference-attention.ts';
import type { Snapshot } from './snapshot.ts';

const CORRECT = 'correct the file and put it again under the same name';

const reasonWords = ({ reason }: FileVersion): string =>
  reason ? `${reason.detail || reason.code} (${reason.code})` : 'no reason given';

/** Lists what a person can do: more for a file on hold than for a rejected one. */
const todoOf = (file: FileDocument, { state }: FileVersion): Pick<Attention, 'todo' | 'commands'> =>
  state === 'held'
    ? { todo: `look at its rows, then release it, reject it, or ${CORRECT}`, commands: holdCommands(file.key) }
    : { todo: CORRECT };

const rejectedOrHeld = (file: FileDocument): Attention[] => {
  const version = latestVersion(file);
  if (version?.state !== 'rejected' && version?.state !== 'held') return [];
  if (wasRejectedManually(version)) return [];
  const [number, current] = [contentVersion(version), currentVersion(file)];
  const older = current && contentVersion(current) < number ? ` Version ${contentVersion(current)} still counts.` : '';
  const what = version.state === 'rejected' ? 'cannot be read' : 'none of its rows count';
  return [
    {
      about: `${file.key} version ${number}`,
      state: stateWords(version.state),
      sentence: sentence(`${what}: ${reasonWords(version)}`) + older,
      ...todoOf(file, version),
    },
  ];
};

const reusedIds = (file: FileDocument): Attention[] => {
  const version = currentVersion(file);
  const reused = version?.reused_event_ids ?? 0;
  if (!version || reused === 0) return [];
  const verb = reused === 1 ? 'names' : 'name';
  return [
    {
      about: `${file.key} version ${contentVersion(version)}`,
      state: 'reused ids',
      sentence: `${many(reused, 'event id')} of this file ${verb} several different rows; all of them count.`,
      todo: 'nothing is lost; the source should give each event an id of its own',
    },
  ];
};

/** Explains the files and reference data of a snapshot that need a person. */
export const fileAttention = ({ files, reference }: Snapshot): Attention[] => {
  const sorted = [...files].sort((a, b) => compareUtf8(a.key, b.key));
  return [
    ...brokenReferences(reference),
    ...waitingAttention(sorted, reference),
    ...sorted.flatMap(rejectedOrHeld),
    ...sorted.flatMap(reusedIds),
  ];
};
