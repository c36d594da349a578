/** Makes a run id, `20261123T100502123-9f86d081`: it sorts by time; 8 random hex digits make it unique. */
export const newRunId = (now: Date, random: string): string => `${now.toISOString().replace(/[-:.Z]/g, '')}-${random}`;

/** Returns the moment, in milliseconds, at which a run id was made. */
export const madeAt = (runId: string): number =>
  Date.parse(runId.replace(/^(....)(..)(..T..)(..)(..)(...)-.*$/, '$1-$2-$3:$4:$5.$6Z'));
