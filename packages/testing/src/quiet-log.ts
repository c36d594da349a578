import type { Log } from '@music-etl/stage';

/** A log that writes nothing. */
export const quietLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
