import {
  deadLetterQueueName,
  type FileDocument,
  type FileVersion,
  type ReferenceDocument,
  type StageDocument,
} from '@music-etl/contracts';
import type { DeadLetter, Snapshot } from './snapshot.ts';
import { newestVersion, standingVersion } from './versions.ts';

/** Something a person should look at: what it is about, what happened in a sentence, what to do. */
export interface Attention {
  about: string;
  state: string;
  sentence: string;
  todo: string;
}

const sentence = (text: string): string => {
  const trimmed = text.trim().replace(/\s+/g, ' ');
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
};

const whyOf = ({ reason }: FileVersion): string =>
  reason ? `${reason.detail || reason.code} (${reason.code})` : 'no reason given';

const brokenReference = (reference: ReferenceDocument | null): string =>
  (reference?.broken ?? []).map(({ key, reason }) => `${key}: ${reason.detail || reason.code}`).join('; ');

/** Why files wait: there is no reference data, or what there is cannot be used. */
export const whyWaiting = (reference: ReferenceDocument | null): { sentence: string; todo: string } => {
  const broken = brokenReference(reference);
  return broken
    ? {
        sentence: sentence(`it waits for reference data, which cannot be used: ${broken}`),
        todo: 'correct that file and put it again',
      }
    : {
        sentence: 'it waits for reference data: rows can be judged only when both songs and users are known.',
        todo: 'put what is missing: npx music-etl put --songs songs.csv --users users.csv',
      };
};

const ofFile = (file: FileDocument, reference: ReferenceDocument | null): Attention[] => {
  const version = newestVersion(file);
  if (!version) return [];
  const about = `${file.key} version ${version.version}`;
  const older = standingVersion(file);
  const stands = older && older.version < version.version ? ` Version ${older.version} still counts.` : '';
  const again = 'correct the file and put it again under the same name';
  switch (version.state) {
    case 'waiting':
      return [{ about, state: 'waiting', ...whyWaiting(reference) }];
    case 'refused':
      return [
        { about, state: 'refused', sentence: sentence(`cannot be read: ${whyOf(version)}`) + stands, todo: again },
      ];
    case 'held': {
      const rows = version.quarantine_key ? `; every refused row is in ${version.quarantine_key}` : '';
      const todo = again + rows;
      return [{ about, state: 'held', sentence: sentence(`none of its rows count: ${whyOf(version)}`) + stands, todo }];
    }
    default:
      return [];
  }
};

const ofDeadStage = ({ run_id, stage, error, job_run_id }: StageDocument): Attention => ({
  about: `run ${run_id} at ${stage}`,
  state: 'dead',
  sentence: sentence(`given up: ${error ?? 'no error was recorded'}${job_run_id ? ` (Glue run ${job_run_id})` : ''}`),
  todo: `put right what the error names, then send the message in ${deadLetterQueueName(stage)} back to its queue`,
});

/** Dead stages, and the dead letters that are not theirs. */
export const ofTheDead = (stages: readonly StageDocument[], letters: readonly DeadLetter[]): Attention[] => {
  const known = new Set(stages.map(({ stage, run_id }) => `${deadLetterQueueName(stage)} ${run_id}`));
  return [
    ...stages.map(ofDeadStage),
    ...letters.filter(({ queue, run_id }) => !known.has(`${queue} ${run_id}`)).map(ofDeadLetter),
  ];
};

const ofDeadLetter = ({ queue, run_id, reason, error }: DeadLetter): Attention => ({
  about: run_id ? `run ${run_id} in ${queue}` : queue,
  state: 'dead letter',
  sentence: sentence(error ? `${reason}: ${error}` : reason),
  todo: 'put right what the error names, then send the message back to its queue',
});

const ofReference = (reference: ReferenceDocument | null): Attention[] =>
  (reference?.broken ?? []).map(({ key, reason }) => ({
    about: key,
    state: 'broken',
    sentence:
      sentence(`cannot be used: ${reason.detail || reason.code} (${reason.code})`) +
      (reference?.reference_version ? ' The snapshot before it stays in use.' : ''),
    todo: 'correct the file and put it again under the same name',
  }));

/** Everything of a snapshot that a person should look at; dead stages apart. */
export const attentions = (snapshot: Snapshot): Attention[] => [
  ...ofReference(snapshot.reference),
  ...snapshot.files.flatMap((file) => ofFile(file, snapshot.reference)),
];
