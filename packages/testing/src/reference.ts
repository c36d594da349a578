import type { ReferenceDocument } from '@music-etl/contracts';
import { NOW, OTHER_RUN } from './moments.ts';

/** Builds the document that names the current reference snapshot. */
export const aReference = (changes: Partial<ReferenceDocument> = {}): ReferenceDocument => ({
  schema_version: 1,
  reference_version: 'r1',
  tracks_key: null,
  users_key: null,
  created_at: NOW.toISOString(),
  run_id: OTHER_RUN,
  sources: [],
  tracks: 0,
  users: 0,
  skipped_rows: {},
  broken: [],
  ...changes,
});
