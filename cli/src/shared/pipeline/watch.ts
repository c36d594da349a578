import { clock as minutes } from '../format.ts';
import type { Clock, Screen } from '../ports.ts';
import { changes } from './changes.ts';
import { type Expected, type Outcome, outcomeOf, type Patience } from './outcome.ts';
import { progressLine } from './progress.ts';
import { EMPTY_SNAPSHOT, type Snapshot } from './snapshot.ts';

export interface WatchDeps {
  look(): Promise<Snapshot>;
  screen: Screen;
  clock: Clock;
}

const EVERY_MS = 1000;

/** The heading over the lines that `watch` prints. */
export const TIMELINE_HEAD = ' time  what happens; rows: read = accepted + quarantined + duplicate';

/** Two snapshots with the same fingerprint show the same: states, active runs and queues, but no times. */
const fingerprint = ({ files, dates, active, runs, pending, queues, reference }: Snapshot): string =>
  JSON.stringify([
    files.map(({ key, versions }) => [key, versions.map(({ state, run_id }) => [state, run_id])]),
    dates.map(({ date, generation }) => [date, generation]),
    active,
    [...runs.values()].map(({ stages }) => Object.values(stages).map(({ state, attempt }) => [state, attempt])),
    pending,
    queues,
    reference?.reference_version,
  ]);

/** Takes a snapshot every second and prints what changed, until `end` returns something else than null. */
export const watch = async <T>(
  { look, screen, clock }: WatchDeps,
  end: (snapshot: Snapshot, stillForMs: number) => T | null,
  before: Snapshot = EMPTY_SNAPSHOT,
): Promise<{ end: T; snapshot: Snapshot }> => {
  const began = clock.now();
  let last = before;
  let seen = '';
  let movedAt = began;
  for (;;) {
    const snapshot = await look();
    const now = clock.now();
    for (const text of changes(last, snapshot)) screen.line(`${minutes(now - began).padStart(5)}  ${text}`);
    const print = fingerprint(snapshot);
    if (print !== seen) movedAt = now;
    seen = print;
    last = snapshot;
    const ended = end(snapshot, now - movedAt);
    if (ended !== null) {
      screen.progress('');
      return { end: ended, snapshot };
    }
    screen.progress(progressLine(snapshot, now - began, now));
    await clock.sleep(EVERY_MS);
  }
};

/** Watches until the files that were put have all reached a terminal state, or never will. */
export const watchUntilTerminal = async (
  deps: WatchDeps,
  expected: readonly Expected[],
  patience: Patience,
): Promise<{ outcome: Outcome; snapshot: Snapshot }> => {
  const { end, snapshot } = await watch(deps, (seen, stillForMs) => {
    const outcome = outcomeOf(seen, expected, stillForMs, patience);
    return outcome.kind === 'going' ? null : outcome;
  });
  return { outcome: end, snapshot };
};
