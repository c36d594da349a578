import { contentVersion, type FileDocument, type FileVersion, fileId, latestVersion } from '@music-etl/contracts';
import { contentNumber, newVersion } from './new-version.ts';

/** One version of an object, as an S3 event or a listing tells of it. */
export interface Arrival {
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
  /** Empty where only a listing told of it. */
  readonly sequencer: string;
  readonly size: number;
}

export type ArrivalDecision =
  /** New content: the document with its new version, which no run has yet. */
  | { readonly kind: 'new'; readonly document: FileDocument; readonly version: number }
  /** The same content again under a new version id: noted, skipped. */
  | { readonly kind: 'repeat'; readonly document: FileDocument; readonly archived: boolean }
  /** This very version was told of before. `pending`: no run has taken it yet. */
  | {
      readonly kind: 'known';
      readonly document: FileDocument;
      readonly version: number;
      readonly pending: boolean;
      readonly archivedRepeat: boolean;
    }
  /** A version that is gone and whose event came after a newer one's. */
  | { readonly kind: 'outdated' };

/**
 * Whether sequencer `a` is older than `b`, both of one key: hex digits, the shorter padded with zeros on the right,
 * compared as text (Amazon S3 User Guide, "Event ordering and duplicate events").
 */
export const isOlder = (a: string, b: string): boolean => {
  const length = Math.max(a.length, b.length);
  return a.padEnd(length, '0').toLowerCase() < b.padEnd(length, '0').toLowerCase();
};

const latest = (a: string, b: string): string => (isOlder(a, b) ? b : a);

/** Its bytes were deleted before they were read: whoever puts them again puts something new. */
const wasMissing = ({ state, reason }: FileVersion): boolean =>
  state === 'rejected' && reason?.code === 'missing_object';

const changed = (document: FileDocument, version: FileVersion): FileDocument => ({
  ...document,
  versions: document.versions.map((each) => (each.version === version.version ? version : each)),
});

/** A listing tells of versions before their events do: the event still says which sequencer it was. */
const heardOf = (document: FileDocument, version: FileVersion, { sequencer }: Arrival): FileDocument =>
  isOlder(version.sequencer, sequencer) ? changed(document, { ...version, sequencer }) : document;

const findKnown = (document: FileDocument, arrival: Arrival, listed: boolean): ArrivalDecision | null => {
  const { versions } = document;
  const known = versions.find(({ version_id }) => version_id === arrival.versionId);
  const repeated = known ?? versions.find(({ repeats }) => repeats.includes(arrival.versionId));
  if (repeated === undefined) return null;
  // What it repeated is gone and it is still there.
  if (known === undefined && listed && wasMissing(repeated) && repeated === latestVersion(document)) return null;
  return {
    kind: 'known',
    document: heardOf(document, repeated, arrival),
    version: repeated.version,
    pending: known?.state === 'pending',
    archivedRepeat: known === undefined && repeated.state === 'archived',
  };
};

const repeat = (document: FileDocument, word: FileVersion, arrival: Arrival): ArrivalDecision => ({
  kind: 'repeat',
  // The content stands since its latest repetition: what came in between, and is told of later, is outdated.
  document: changed(document, {
    ...word,
    sequencer: latest(word.sequencer, arrival.sequencer),
    repeats: [...word.repeats, arrival.versionId],
  }),
  archived: word.state === 'archived',
});

const append = (document: FileDocument, arrival: Arrival, now: Date): ArrivalDecision => {
  const version = Math.max(0, ...document.versions.map((each) => each.version)) + 1;
  const content = Math.max(0, ...document.versions.map(contentVersion)) + 1;
  const { versionId: version_id, etag, sequencer, size } = arrival;
  const arrived = newVersion(version, { version_id, etag, sequencer, size, arrived_at: now.toISOString() });
  const entry = { ...arrived, content_version: contentNumber(content, version) };
  return { kind: 'new', version, document: { ...document, versions: [...document.versions, entry] } };
};

/**
 * What an arrival means to what is known of its file (design.md, Identity). Pure; safe to repeat.
 * @param listed whether it was found in S3's listing, after everything older; otherwise only its sequencer orders it.
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
