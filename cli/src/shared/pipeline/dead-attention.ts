import { deadLetterQueueName, type StageDocument } from '@music-etl/contracts';
import { aboutWords, isOurs, type Runs } from '../../status/render-dead-letters.ts';
import { redriveCommand, stageOfQueue } from '../queue-names.ts';
import { type Attention, sentence } from './file-attention.ts';
import type { DeadLetter } from './snapshot.ts';

const again = (queue: string): string => {
  const command = redriveCommand(queue);
  return `put right what the error names, then ${command ?? `move the messages of ${queue} back`}`;
};

/** Before the error, which may be long and cut. */
const inJob = (id: string | null): string => (id ? ` (Glue run ${id})` : '');

const ofStage = (document: StageDocument, letter: DeadLetter | undefined, runs: Runs): Attention => {
  const { run_id, stage, error, job_run_id } = document;
  return {
    about: `${stage} of ${aboutWords({ run_id }, runs)} (run ${run_id})`,
    state: 'dead',
    sentence: sentence(`given up${inJob(job_run_id)}: ${error ?? 'no error was recorded'}`),
    todo: again(letter?.queue ?? deadLetterQueueName(stage)),
  };
};

/** What ingest says of a person's word that can never be done. */
const IMPOSSIBLE = 'impossible request';

/** To send it again would change nothing. */
const ofRequest = ({ queue, keys, reason, error }: DeadLetter, action: string): Attention => ({
  about: `${action} of ${keys.join(', ')}, asked for by a person`,
  state: 'dead letter',
  sentence: sentence(`${reason}${error ? `: ${error}` : ''}`),
  todo: `nothing was changed; look at the file as it is now (npx music-etl quarantine ls) and ask again; the letter can be taken out of ${queue}`,
});

const ofLetter = (letter: DeadLetter, runs: Runs): Attention => {
  if (letter.request && letter.reason === IMPOSSIBLE) return ofRequest(letter, letter.request.action);
  const { queue, run_id, reason, job_run_id, error } = letter;
  const ours = isOurs(letter);
  return {
    about: `${stageOfQueue(queue) ?? queue} of ${ours ? aboutWords(letter, runs) : 'no file'}${run_id ? ` (run ${run_id})` : ''}`,
    state: 'dead letter',
    sentence: sentence(`${reason}${inJob(job_run_id)}${error ? `: ${error}` : ''}`),
    todo: ours ? again(queue) : `it is no message of the pipeline: find who sent it, and take it out of ${queue}`,
  };
};

/** Dead stages, and the dead letters that are not theirs: which stage of which files, why, and what to do. */
export const ofTheDead = (
  stages: readonly StageDocument[],
  letters: readonly DeadLetter[],
  runs: Runs,
): Attention[] => {
  const belongs = (letter: DeadLetter, { stage, run_id }: StageDocument): boolean =>
    letter.run_id === run_id && stageOfQueue(letter.queue) === stage;
  const others = letters.filter((letter) => !stages.some((stage) => belongs(letter, stage)));
  return [
    ...stages.map((stage) =>
      ofStage(
        stage,
        letters.find((letter) => belongs(letter, stage)),
        runs,
      ),
    ),
    ...others.map((letter) => ofLetter(letter, runs)),
  ];
};
