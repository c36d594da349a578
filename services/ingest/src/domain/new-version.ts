import type { FileVersion } from '@music-etl/contracts';

/** What tells the bytes of a version. */
export type Content = Pick<FileVersion, 'version_id' | 'etag' | 'sequencer' | 'size' | 'arrived_at'>;

/** A version that nothing has been done with yet. */
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

/** The number of a content; null where it is the version's own, which is what null means. */
export const contentNumber = (content: number, version: number): number | null =>
  content === version ? null : content;
