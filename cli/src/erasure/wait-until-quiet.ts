import { queueName } from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';
import { many, clock as minutes } from '../shared/format.ts';
import { deadAttention } from '../shared/pipeline/dead-attention.ts';
import { deadStages, isQuiet, knownRuns, type Snapshot } from '../shared/pipeline/snapshot.ts';
import type { ErasureDeps } from './ports.ts';

const EVERY_MS = 1000;
/** Longer than a snapshot keeps queue depths, so that a message between two stages is seen. */
const QUIET_MS = 5000;
/** A stage that was just redriven is dead until its message is claimed. */
const GRACE_MS = 20_000;
const WAKE_EVERY_MS = 60_000;

type WaitDeps = Pick<ErasureDeps, 'look' | 'send' | 'screen' | 'clock'>;

/** Wakes ingest's start function, which then creates a run of the replays. S3 sends this message to a new bucket. */
export const wakeIngest = ({ send }: Pick<WaitDeps, 'send'>, suffix: string): Promise<void> =>
  send(queueName('ingest') + suffix, { Service: 'Amazon S3', Event: 's3:TestEvent' });

const activityWords = ({ active, pending, replays }: Snapshot): string => {
  const runs = new Set(active.map(({ run_id }) => run_id)).size;
  const stages = [...new Set(active.map(({ stage }) => stage))].join(', ');
  const words = [
    ...(runs > 0 ? [`${many(runs, 'run')} active (${stages})`] : []),
    ...(replays > 0 ? [`${many(replays, 'file')} to be reprocessed`] : []),
    ...(pending > replays ? [`${many(pending - replays, 'arrival')} pending`] : []),
  ];
  return words.join(', ') || 'messages in queues';
};

/** @throws UserError if a stage is dead: its run never ends by itself */
const rejectDead = (snapshot: Snapshot, resume: string): void => {
  const dead = deadAttention(deadStages(snapshot), [], knownRuns(snapshot));
  if (dead.length === 0) return;
  const words = dead.map(({ about, sentence, todo }) => `${about}: ${sentence} To do: ${todo}`).join('; ');
  throw new UserError(`a run was given up. ${words}`, `then ${resume} to resume`, 1);
};

/** What is waited for, and the command that resumes after an error. */
export interface Waiting {
  what: string;
  resume: string;
  suffix: string;
}

/** Wakes ingest once a minute as long as files are to be reprocessed. */
const repeatedWake = (deps: WaitDeps, suffix: string) => {
  let last = deps.clock.now();
  return async ({ replays }: Snapshot, now: number): Promise<void> => {
    if (replays === 0 || now - last < WAKE_EVERY_MS) return;
    await wakeIngest(deps, suffix);
    last = now;
  };
};

/** Shows the activity: once as a line, then as progress. */
const activityReport = ({ screen, clock }: WaitDeps, what: string) => {
  const began = clock.now();
  let shown = false;
  return (snapshot: Snapshot, now: number): void => {
    if (isQuiet(snapshot)) return;
    const words = `${what}: ${activityWords(snapshot)}`;
    if (!shown) screen.line(words);
    shown = true;
    screen.progress(`${minutes(now - began)}  ${words}`);
  };
};

/**
 * Waits until the pipeline has been quiet for five seconds.
 * @throws UserError if a run is dead
 */
export const waitUntilQuiet = async (deps: WaitDeps, { what, resume, suffix }: Waiting): Promise<void> => {
  const { clock, screen } = deps;
  const [wake, report] = [repeatedWake(deps, suffix), activityReport(deps, what)];
  const began = clock.now();
  let quietSince: number | null = null;
  for (;;) {
    const snapshot = await deps.look();
    const now = clock.now();
    quietSince = isQuiet(snapshot) ? (quietSince ?? now) : null;
    if (now - began >= GRACE_MS) rejectDead(snapshot, resume);
    report(snapshot, now);
    await wake(snapshot, now);
    if (quietSince !== null && now - quietSince >= QUIET_MS) break;
    await clock.sleep(EVERY_MS);
  }
  screen.progress('');
};
