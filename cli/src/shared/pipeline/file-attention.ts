import { contentVersion, type FileDocument, type FileVersion, type ReferenceDocument } from '@music-etl/contracts';
import { many } from '../format.ts';
import { holdCommands } from '../hold-commands.ts';
import { compareUtf8 } from '../order.ts';
import { currentVersion, newestVersion, wasRejectedManually } from '../versions.ts';
import type { Snapshot } from './snapshot.ts';

/** Something a person should look at: what it is about, what happened in a sentence, what to do. */
export interface Attention {
  about: string;
  state: string;
  sentence: string;
  todo: string;
  /** Commands to do it with. */
  commands?: readonly string[];
}

/** One sentence on one line, whatever an error looked like. */
export const sentence = (text: string): string => {
  const trimmed = text.trim().replace(/\s+/g, ' ');
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
};

/** Without the object that a held file's reason names: the commands show what is in it. */
const whyOf = ({ reason }: FileVersion): string =>
  reason
    ? `${(reason.detail || reason.code).replace(/; see quarantine\/\S+$/, '')} (${reason.code})`
    : 'no reason given';

const brokenReference = (reference: ReferenceDocument | null): string =>
  (reference?.broken ?? []).map(({ key, reason }) => `${key}: ${reason.detail || reason.code}`).join('; ');

/** Why files wait: there is no reference data, or what there is cannot be used. */
const whyWaiting = (reference: ReferenceDocument | null): { sentence: string; todo: string } => {
  const broken = brokenReference(reference);
  return broken
    ? {
        sentence: sentence(`waiting for reference data, which cannot be used: ${broken}`),
        todo: 'correct that file and put it again',
      }
    : {
        sentence: 'waiting for reference data: rows can be validated only when both songs and users are known.',
        todo: 'put what is missing: npx music-etl put --songs songs.csv --users users.csv',
      };
};

const AGAIN = 'correct the file and put it again under the same name';

/** What a person can do about a file that was not taken: a held one has more ways out than a rejected one. */
const wayOut = (file: FileDocument, { state }: FileVersion): Pick<Attention, 'todo' | 'commands'> =>
  state === 'held'
    ? { todo: `look at its rows, then release it, reject it, or ${AGAIN}`, commands: holdCommands(file.key) }
    : { todo: AGAIN };

const ofFile = (file: FileDocument): Attention[] => {
  const version = newestVersion(file);
  if (version?.state !== 'rejected' && version?.state !== 'held') return [];
  if (wasRejectedManually(version)) return [];
  const older = currentVersion(file);
  const stands =
    older && contentVersion(older) < contentVersion(version) ? ` Version ${contentVersion(older)} still counts.` : '';
  const what = version.state === 'rejected' ? 'cannot be read' : 'none of its rows count';
  return [
    {
      about: `${file.key} version ${contentVersion(version)}`,
      state: version.state,
      sentence: sentence(`${what}: ${whyOf(version)}`) + stands,
      ...wayOut(file, version),
    },
  ];
};

const SHOWN = 3;

/** Files that wait all wait for the same. */
const ofWaiting = (files: readonly FileDocument[], reference: ReferenceDocument | null): Attention[] => {
  const keys = files.filter((file) => newestVersion(file)?.state === 'waiting').map(({ key }) => key);
  if (keys.length === 0) return [];
  const names = [...keys.slice(0, SHOWN), ...(keys.length > SHOWN ? ['…'] : [])].join(', ');
  const about = keys.length === 1 ? names : `${many(keys.length, 'file')}: ${names}`;
  return [{ about, state: 'waiting', ...whyWaiting(reference) }];
};

const ofReference = (reference: ReferenceDocument | null): Attention[] =>
  (reference?.broken ?? []).map(({ key, reason }) => ({
    about: key,
    state: 'broken',
    sentence:
      sentence(`cannot be used: ${reason.detail || reason.code} (${reason.code})`) +
      (reference?.reference_version ? ' The snapshot before it stays in use.' : ''),
    todo: AGAIN,
  }));

/** Everything of a snapshot that a person should look at; what is dead apart. */
export const attentions = ({ files, reference }: Snapshot): Attention[] => {
  const sorted = [...files].sort((a, b) => compareUtf8(a.key, b.key));
  return [...ofReference(reference), ...ofWaiting(sorted, reference), ...sorted.flatMap(ofFile)];
};
