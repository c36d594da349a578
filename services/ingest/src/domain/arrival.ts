import { type FileDocument, type FileVersion, fileId } from '@music-etl/contracts';

/** One version of an object, as an S3 event tells of it. */
export interface Arrival {
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
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
      readonly version: number;
      readonly pending: boolean;
      readonly archivedRepeat: boolean;
    }
  /** An older version whose event came after a newer one's. */
  | { readonly kind: 'outdated' };

/**
 * Whether sequencer `a` is older than `b`, both of one key: hex digits, the shorter padded with zeros on the right,
 * compared as text (Amazon S3 User Guide, "Event ordering and duplicate events").
 */
export const isOlder = (a: string, b: string): boolean => {
  const length = Math.max(a.length, b.length);
  return a.padEnd(length, '0').toLowerCase() < b.padEnd(length, '0').toLowerCase();
};

const newVersion = (version: number, arrival: Arrival, now: Date): FileVersion => ({
  version,
  content_version: null,
  replay: null,
  version_id: arrival.versionId,
  etag: arrival.etag,
  sequencer: arrival.sequencer,
  size: arrival.size,
  arrived_at: now.toISOString(),
  state: 'pending',
  run_id: null,
  claimed_at: null,
  repeats: [],
  reason: null,
  ledger: null,
  dates: {},
  touched_dates: [],
  committed_by: null,
  has_event_ids: false,
  quarantine_key: null,
  archived_to: null,
  reference_versions: [],
});

/** What an arrival means to what is known of its file (design.md, Identity). Pure; safe to repeat. */
export const decideArrival = (document: FileDocument | null, arrival: Arrival, now: Date): ArrivalDecision => {
  const versions = document?.versions ?? [];
  const newest = versions.at(-1);
  const head = { schema_version: 1, file_id: fileId(arrival.key), key: arrival.key } as const;
  if (newest === undefined) {
    return { kind: 'new', version: 1, document: { ...head, versions: [newVersion(1, arrival, now)] } };
  }

  const known = versions.find((version) => version.version_id === arrival.versionId);
  if (known !== undefined) {
    return { kind: 'known', version: known.version, pending: known.state === 'pending', archivedRepeat: false };
  }
  const repeated = versions.find((version) => version.repeats.includes(arrival.versionId));
  if (repeated !== undefined) {
    const archivedRepeat = repeated.state === 'archived';
    return { kind: 'known', version: repeated.version, pending: false, archivedRepeat };
  }
  if (newest.etag === arrival.etag) {
    // The content stands since its latest repetition: what came in between, and is told of later, is outdated.
    const sequencer = isOlder(newest.sequencer, arrival.sequencer) ? arrival.sequencer : newest.sequencer;
    const repeat = { ...newest, sequencer, repeats: [...newest.repeats, arrival.versionId] };
    const document = { ...head, versions: [...versions.slice(0, -1), repeat] };
    return { kind: 'repeat', document, archived: newest.state === 'archived' };
  }
  if (isOlder(arrival.sequencer, newest.sequencer)) return { kind: 'outdated' };
  const next = newVersion(newest.version + 1, arrival, now);
  return { kind: 'new', version: next.version, document: { ...head, versions: [...versions, next] } };
};
