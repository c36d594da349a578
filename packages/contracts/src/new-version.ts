import type { FileDocument, FileVersion } from './documents/index.ts';

/** What identifies the bytes of a version. */
type Content = Pick<FileVersion, 'version_id' | 'etag' | 'sequencer' | 'size' | 'arrived_at'>;

/** Returns the number of the next version of a file. */
export const nextNumber = ({ versions }: FileDocument): number =>
  Math.max(0, ...versions.map(({ version }) => version)) + 1;

/** Returns a version that no run has claimed yet. */
export const newVersion = (version: number, content: Content): FileVersion => ({
  ...content,
  version,
  content_version: null,
  replay: null,
  state: 'pending',
  run_id: null,
  claimed_at: null,
  repeats: [],
  reason: null,
  ledger: null,
  dates: {},
  touched_dates: [],
  committed_by: null,
  reused_event_ids: 0,
  quarantine_key: null,
  archived_to: null,
  reference_versions: [],
});

/** Returns the content's number as a version stores it: null if it equals the version's own. */
export const contentNumber = (content: number, version: number): number | null =>
  content === version ? null : content;
