import {
  contentNumber,
  contentVersion,
  type FileDocument,
  type FileVersion,
  fileId,
  latestVersion,
  newVersion,
  nextNumber,
} from '@music-etl/contracts';

/** One version of an object, from an S3 event or a listing. */
export interface Arrival {
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
  /** Empty for a version from a listing. */
  readonly sequencer: string;
  readonly size: number;
}

export type ArrivalDecision =
  /** New content: the document has a new version, which is in no run yet. */
  | { readonly kind: 'new'; readonly document: FileDocument; readonly version: number }
  /** The same content under a new version id: recorded and skipped. */
  | { readonly kind: 'repeat'; readonly document: FileDocument; readonly archived: boolean }
  /** The version is in the document already. `pending`: it is in no run yet. */
  | {
      readonly kind: 'known';
      readonly document: FileDocument;
      readonly version: number;
      readonly pending: boolean;
      readonly archivedRepeat: boolean;
    }
  /** A deleted version whose event came after the event of a newer version. */
  | { readonly kind: 'outdated' };

/**
 * Returns whether sequencer `a` is older than `b`, both of one key. Sequencers are hex digits; the shorter one is
 * padded with zeros on the right (Amazon S3 User Guide, "Event ordering and duplicate events").
 */
export const isOlder = (a: string, b: string): boolean => {
  const length = Math.max(a.length, b.length);
  return a.padEnd(length, '0').toLowerCase() < b.padEnd(length, '0').toLowerCase();
};

const latest = (a: string, b: string): string => (isOlder(a, b) ? b : a);

/** Returns whether a version was deleted before it was read. The same content put again is then new. */
const wasMissing = ({ state, reason }: FileVersion): boolean =>
  state === 'rejected' && reason?.code === 'missing_object';

const changed = (document: FileDocument, version: FileVersion): FileDocument => ({
  ...document,
  versions: document.versions.map((each) => (each.version === version.version ? version : each)),
});

/** Adds the sequencer of an event to a version that a listing found first. */
const withSequencer = (document: FileDocument, version: FileVersion, { sequencer }: Arrival): FileDocument =>
  isOlder(version.sequencer, sequencer) ? changed(document, { ...version, sequencer }) : document;

const findKnown = (document: FileDocument, arrival: Arrival, listed: boolean): ArrivalDecision | null => {
  const { versions } = document;
  const known = versions.find(({ version_id }) => version_id === arrival.versionId);
  const repeated = known ?? versions.find(({ repeats }) => repeats.includes(arrival.versionId));
  if (repeated === undefined) return null;
  // The content that it repeated was deleted, and it still exists.
  if (known === undefined && listed && wasMissing(repeated) && repeated === latestVersion(document)) return null;
  return {
    kind: 'known',
    document: withSequencer(document, repeated, arrival),
    version: repeated.version,
    pending: known?.state === 'pending',
    archivedRepeat: known === undefined && repeated.state === 'archived',
  };
};

const repeat = (document: FileDocument, newest: FileVersion, arrival: Arrival): ArrivalDecision => ({
  kind: 'repeat',
  // The content is the newest since its latest repetition. A version in between, whose event comes later, is outdated.
  document: changed(document, {
    ...newest,
    sequencer: latest(newest.sequencer, arrival.sequencer),
    repeats: [...newest.repeats, arrival.versionId],
  }),
  archived: newest.state === 'archived',
});

const append = (document: FileDocument, arrival: Arrival, now: Date): ArrivalDecision => {
  const version = nextNumber(document);
  const content = Math.max(0, ...document.versions.map(contentVersion)) + 1;
  const { versionId: version_id, etag, sequencer, size } = arrival;
  const arrived = newVersion(version, { version_id, etag, sequencer, size, arrived_at: now.toISOString() });
  const entry = { ...arrived, content_version: contentNumber(content, version) };
  return { kind: 'new', version, document: { ...document, versions: [...document.versions, entry] } };
};

/**
 * Decides what an arrival changes in its file's document (docs/design.md, "Identity"). Safe to repeat.
 * @param listed whether it is from S3's listing, after everything older; otherwise only its sequencer orders it.
 */
export const decideArrival = (
  document: FileDocument | null,
  arrival: Arrival,
  now: Date,
  listed = false,
): ArrivalDecision => {
  const file = document ?? { schema_version: 1, file_id: fileId(arrival.key), key: arrival.key, versions: [] };
  const known = findKnown(file, arrival, listed);
  if (known !== null) return known;
  const newest = latestVersion(file);
  if (newest !== null && newest.etag === arrival.etag && !wasMissing(newest)) return repeat(file, newest, arrival);
  if (newest !== null && !listed && isOlder(arrival.sequencer, newest.sequencer)) return { kind: 'outdated' };
  return append(file, arrival, now);
};
