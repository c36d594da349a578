import { queueName } from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';
import { many, clock as minutes } from '../shared/format.ts';
import { ofTheDead } from '../shared/pipeline/dead-attention.ts';
import { deadStages } from '../shared/pipeline/outcome.ts';
import { isQuiet, knownRuns, type Snapshot } from '../shared/pipeline/snapshot.ts';
import type { ForgetDeps } from './ports.ts';

const EVERY_MS = 1000;
/** Longer than a look at queues is kept, so that a message between two stages is seen. */
const QUIET_MS = 5000;
/** A stage that was just redriven looks dead until its message is taken. */
const GRACE_MS = 20_000;
const NUDGE_EVERY_MS = 60_000;

/** Wakes ingest's start function, which forms a run of what has gathered. S3 sends the same when a bucket is set up. */
export const nudgeIngest = ({ send }: ForgetDeps, suffix: string): Promise<void> =>
  send(queueName('ingest') + suffix, { Service: 'Amazon S3', Event: 's3:TestEvent' });

const busyWords = ({ active, pending, replays }: Snapshot): string => {
  const runs = new Set(active.map(({ run_id }) => run_id)).size;
  const stages = [...new Set(active.map(({ stage }) => stage))].join(', ');
  return (
    [
      ...(runs > 0 ? [`${many(runs, 'run')} under way (${stages})`] : []),
      ...(replays > 0 ? [`${many(replays, 'file')} to be reprocessed`] : []),
      ...(pending > replays ? [`${many(pending - replays, 'arrival')} to be taken`] : []),
    ].join(', ') || 'messages on their way'
  );
};

const rejectDead = (snapshot: Snapshot, resume: string): void => {
  const dead = ofTheDead(deadStages(snapshot), [], knownRuns(snapshot));
  if (dead.length === 0) return;
  const words = dead.map(({ about, sentence, todo }) => `${about}: ${sentence} To do: ${todo}`).join('; ');
  throw new UserError(`a run was given up. ${words}`, `then ${resume}, which goes on`, 1);
};

/** What to say while waiting, and how to go on after an error. */
export interface Waiting {
  what: string;
  resume: string;
  suffix: string;
}

/** Wakes ingest now and then for as long as files wait to be reprocessed. */
const nudging = (deps: ForgetDeps, suffix: string) => {
  let last = deps.clock.now();
  return async ({ replays }: Snapshot, now: number): Promise<void> => {
    if (replays === 0 || now - last < NUDGE_EVERY_MS) return;
    await nudgeIngest(deps, suffix);
    last = now;
  };
};

/** Says what is waited for: once as a line, then as progress. */
const saying = ({ screen, clock }: ForgetDeps, what: string) => {
  const began = clock.now();
  let said = false;
  return (snapshot: Snapshot, now: number): void => {
    if (isQuiet(snapshot)) return;
    if (!said) screen.line(`${what}: ${busyWords(snapshot)}`);
    said = true;
    screen.progress(`${minutes(now - began)}  ${what}: ${busyWords(snapshot)}`);
  };
};

/**
 * Waits until nothing is under way and nothing on its way.
 * @throws UserError where a run was given up: that never ends by itself
 */
export const waitUntilQuiet = async (deps: ForgetDeps, { what, resume, suffix }: Waiting): Promise<void> => {
  const { clock, screen } = deps;
  const [nudge, say] = [nudging(deps, suffix), saying(deps, what)];
  const began = clock.now();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let quietSince: number | null = null;
  while (quietSince === null || lookedAt - quietSince < QUIET_MS) {
    const snapshot = await deps.look();
    const now = clock.now();
    lookedAt = now;
    quietSince = isQuiet(snapshot) ? (quietSince ?? now) : null;
    if (now - began >= GRACE_MS) rejectDead(snapshot, resume);
    say(snapshot, now);
    await nudge(snapshot, now);
    await clock.sleep(EVERY_MS);
  }
  screen.progress('');
};
