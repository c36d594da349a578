import type { FileDocument } from '@music-etl/contracts';
import { type Arrival, type ArrivalDecision, decideArrival } from './arrival.ts';

/** Arrivals of one key, oldest first; `listed` says where their order is from. */
export interface Placed {
  readonly arrival: Arrival;
  readonly listed: boolean;
}

export interface Entered {
  readonly arrival: Arrival;
  readonly decision: ArrivalDecision;
}

/**
 * The place of an arrival that S3 tells of among the versions of its key: events overtake each other, the listing is
 * strongly consistent. What is not listed any more is gone; only its sequencer says when it was.
 * @param versions what S3 lists, oldest first.
 */
export const placed = (arrival: Arrival, versions: readonly Arrival[]): Placed[] => {
  const isIt = ({ versionId }: Arrival): boolean => versionId === arrival.versionId;
  const listed = versions.map((each) => ({ arrival: isIt(each) ? arrival : each, listed: true }));
  return versions.some(isIt) ? listed : [...listed, { arrival, listed: false }];
};

/** Enters arrivals into their file's document, one after the other; the document is the same where all is known. */
export const enterArrivals = (
  document: FileDocument | null,
  arrivals: readonly Placed[],
  now: Date,
): { readonly document: FileDocument | null; readonly entered: readonly Entered[] } => {
  let current = document;
  const entered = arrivals.map(({ arrival, listed }) => {
    const decision = decideArrival(current, arrival, now, listed);
    if (decision.kind !== 'outdated') current = decision.document;
    return { arrival, decision };
  });
  return { document: current, entered };
};
