import {
  type ArchiveResult,
  fileId,
  type IngestResult,
  type KpiResult,
  type LoadResult,
  type ValidateResult,
} from '@music-etl/contracts';
import { KEY } from './files.ts';
import { NOW, RUN } from './moments.ts';

const head = { schema_version: 1 as const, run_id: RUN, attempt: 1, committed_at: NOW.toISOString() };
const fileOfRun = { file_id: fileId(KEY), key: KEY, version: 1 };

type FileOf<R extends { readonly files: readonly unknown[] }> = R['files'][number];

/** Builds the result of an ingest run with a file for each of `files`; without changes, one is prepared. */
export const anIngestResult = (...files: Partial<FileOf<IngestResult>>[]): IngestResult => ({
  ...head,
  reference_version: null,
  files: files.map((changes) => ({
    ...fileOfRun,
    version_id: 'v1',
    etag: 'content-1',
    size: 100,
    replay: null,
    raw: null,
    last_modified: null,
    outcome: 'prepared',
    reason: null,
    format: null,
    compression: null,
    read: null,
    source: null,
    ...changes,
  })),
  snapshot: { built: false, sources: [], broken: [] },
});

/** Builds the result of a validation with a file for each of `files`; without changes, one is validated. */
export const aValidateResult = (...files: Partial<FileOf<ValidateResult>>[]): ValidateResult => ({
  ...head,
  reference_version: 'r1',
  files: files.map((changes) => ({
    ...fileOfRun,
    outcome: 'validated',
    ledger: null,
    dates: {},
    reused_event_ids: 0,
    quarantine_key: null,
    ...changes,
  })),
  touched_dates: [],
});

export const aKpiResult = (changes: Partial<KpiResult> = {}): KpiResult => ({
  ...head,
  reference_version: 'r1',
  generation: 7,
  dates: [],
  ...changes,
});

export const aLoadResult = (changes: Partial<LoadResult> = {}): LoadResult => ({ ...head, dates: [], ...changes });

/** Builds the result of an archive run with a file for each of `files`. */
export const anArchiveResult = (...files: Partial<FileOf<ArchiveResult>>[]): ArchiveResult => ({
  ...head,
  archive_prefix: 'archived/',
  lineage_key: 'l',
  files: files.map((changes) => ({
    ...fileOfRun,
    version_id: 'v1',
    archived_to: 'archived/a.csv',
    bytes: 1,
    deleted: true,
    ...changes,
  })),
  objects: 9,
});
