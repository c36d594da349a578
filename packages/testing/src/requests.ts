import type { FileRequested } from '@music-etl/contracts';
import { KEY } from './files.ts';
import { NOW } from './moments.ts';

/** Builds a person's request to reprocess version 1 of `KEY`. */
export const aFileRequest = (changes: Partial<FileRequested> = {}): FileRequested => ({
  type: 'file.requested',
  schema_version: 1,
  action: 'replay',
  request_id: '0123abcd',
  key: KEY,
  version: 1,
  why: 'the users file was late',
  requested_by: 'ann',
  requested_at: NOW.toISOString(),
  patches_key: null,
  ...changes,
});
