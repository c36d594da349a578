import type { FileDocument } from '@music-etl/contracts';
import { type Arrival, type ArrivalDecision, decideArrival } from './arrival.ts';

/** Arrivals of one key, oldest first. `listed`: S3's listing gives the order; otherwise only the sequencer does. */
export interface OrderedArrival {
  readonly arrival: Arrival;
  readonly listed: boolean;
}

export interface DecidedArrival {
  readonly arrival: Arrival;
  readonly decision: ArrivalDecision;
}

/**
 * Orders an arrival from an event among the versions of its key. Events overtake each other, while the listing is
 * strongly consistent. A version that is no longer listed was deleted; only its sequencer gives its order.
 * @param versions what S3 lists, oldest first.
 */
export const orderArrival = (arrival: Arrival, versions: readonly Arrival[]): OrderedArrival[] => {
  const isArrival = ({ versionId }: Arrival): boolean => versionId === arrival.versionId;
  const listed = versions.map((each) => ({ arrival: isArrival(each) ? arrival : each, listed: true }));
  return versions.some(isArrival) ? listed : [...listed, { arrival, listed: false }];
};

/** Decides on arrivals one after the other. The document is the same object if every arrival is known. */
export const decideArrivals = (
  document: FileDocument | null,
  arrivals: readonly OrderedArrival[],
  now: Date,
): { readonly document: FileDocument | null; readonly decided: readonly DecidedArrival[] } => {
  let current = document;
  const decided = arrivals.map(({ arrival, listed }) => {
    const decision = decideArrival(current, arrival, now, listed);
    if (decision.kind !== 'outdated') current = decision.document;
    return { arrival, decision };
  });
  return { document: current, decided };
};
