/** A run id begins with the moment it was made: `20261123T100502123-…`. @returns that moment in milliseconds. */
export const madeAt = (runId: string): number =>
  Date.parse(runId.replace(/^(....)(..)(..T..)(..)(..)(...)-.*$/, '$1-$2-$3:$4:$5.$6Z'));
