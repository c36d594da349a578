import { PENDING_PREFIX, REPLAYS_PREFIX } from '@music-etl/contracts';
import { type Meter, secondsBetween } from '@music-etl/stage';

/** Returns when each object under a prefix was written. */
export type WrittenUnder = (prefix: string) => Promise<readonly Date[]>;

export interface PendingDeps {
  readonly writtenUnder: WrittenUnder;
  readonly now: () => Date;
  readonly meter: Meter;
}

/** Measures how many arrivals and replays are in no run yet, and the age of the oldest. */
export const measurePending = async ({ writtenUnder, now, meter }: PendingDeps): Promise<void> => {
  const written = (await Promise.all([PENDING_PREFIX, REPLAYS_PREFIX].map(writtenUnder))).flat();
  const moment = now().getTime();
  const oldest = written.reduce((min, at) => Math.min(min, at.getTime()), moment);
  meter([
    { name: 'PendingFiles', value: written.length },
    { name: 'OldestPendingSeconds', value: secondsBetween(oldest, moment) },
  ]);
};
