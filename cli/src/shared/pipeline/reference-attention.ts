import { type FileDocument, latestVersion, type ReferenceDocument } from '@music-etl/contracts';
import { many } from '../format.ts';
import { type Attention, sentence } from './attention.ts';

/** Explains the reference files that cannot be used. */
export const brokenReferences = (reference: ReferenceDocument | null): Attention[] =>
  (reference?.broken ?? []).map(({ key, reason }) => ({
    about: key,
    state: 'broken',
    sentence:
      sentence(`cannot be used: ${reason.detail || reason.code} (${reason.code})`) +
      (reference?.reference_version ? ' The snapshot before it stays in use.' : ''),
    todo: 'correct the file and put it again under the same name',
  }));

const whyWaiting = (reference: ReferenceDocument | null): Pick<Attention, 'sentence' | 'todo' | 'commands'> => {
  const broken = (reference?.broken ?? []).map(({ key, reason }) => `${key}: ${reason.detail || reason.code}`);
  if (broken.length > 0) {
    return {
      sentence: sentence(`waiting for reference data, which cannot be used: ${broken.join('; ')}`),
      todo: 'correct that file and put it again',
    };
  }
  return {
    sentence: 'waiting for reference data: rows can be validated only when both songs and users are known.',
    todo: 'put what is missing',
    commands: ['npx music-etl put --songs songs.csv --users users.csv'],
  };
};

const SHOWN = 3;

/** Explains why files wait, once for all of them: they wait for the same. */
export const waitingAttention = (files: readonly FileDocument[], reference: ReferenceDocument | null): Attention[] => {
  const keys = files.filter((file) => latestVersion(file)?.state === 'waiting').map(({ key }) => key);
  if (keys.length === 0) return [];
  const names = [...keys.slice(0, SHOWN), ...(keys.length > SHOWN ? ['…'] : [])].join(', ');
  const about = keys.length === 1 ? names : `${many(keys.length, 'file')}: ${names}`;
  return [{ about, state: 'waiting', ...whyWaiting(reference) }];
};
