import { z } from 'zod';
import { StageRequested } from './messages.ts';
import { Stage } from './names.ts';

/** `YYYY-MM-DD`, UTC. */
export const EventDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
/** ISO 8601 with milliseconds and `Z`. */
export const Instant = z.iso.datetime({ precision: 3 });
export const RunId = z.string().regex(/^\d{8}T\d{9}-[0-9a-f]{8}$/);
export const FileId = z.string().regex(/^[0-9a-f]{32}$/);
const count = z.int().nonnegative();

/** Why a file was rejected or held, or a row quarantined: a stable code and what a person needs to know. */
export const Reason = z.object({ code: z.string(), detail: z.string() });
export type Reason = z.infer<typeof Reason>;

/** read = accepted + duplicate + the sum of quarantined. */
export const FileLedger = z.object({
  read: count,
  accepted: count,
  quarantined: z.record(z.string(), count),
  duplicate: count,
});
export type FileLedger = z.infer<typeof FileLedger>;

/**
 * pending: known, in no run yet · running: in run `run_id` · waiting: there is no reference data yet ·
 * rejected: unreadable as a whole · held: too many quarantined rows · validated: its rows stand ·
 * archived: its rows stand and the raw object rests in the archive · superseded: a newer version came first.
 */
export const FileState = z.enum([
  'pending',
  'running',
  'waiting',
  'rejected',
  'held',
  'validated',
  'archived',
  'superseded',
]);
export type FileState = z.infer<typeof FileState>;

/**
 * Why a version is reprocessed although its content is the same: reference data that knows more, rows or rules that
 * were patched, a held file that was released. `of` is the version it reprocesses; what stood stays until it is done.
 */
export const Replay = z.object({
  of: z.int().positive(),
  /** Names what asked for it (`snapshot:<reference version>`, `request:<id>`, `erasure:<run id>`): asked twice, done once. */
  cause: z.string(),
  why: z.string(),
  requested_by: z.string(),
  requested_at: Instant,
  /** Its rows stand whatever share of them is rejected: a person has released the file, or its rows stood before. */
  accept: z.boolean(),
  /** An object of row patches (JSON lines: row, set), null without. */
  patches_key: z.string().nullable(),
});
export type Replay = z.infer<typeof Replay>;

/** One version of a file. `version` counts 1, 2, … in the order in which they are to stand: later ones overrule. */
export const FileVersion = z.object({
  version: z.int().positive(),
  /** Which content of the key it is, 1, 2, … in the order of S3's sequencer; null: the same number as `version`. */
  content_version: z.int().positive().nullable().default(null),
  /** null for what arrived; a replay has the version id, ETag and size of what it reprocesses. */
  replay: Replay.nullable().default(null),
  version_id: z.string(),
  etag: z.string(),
  sequencer: z.string(),
  size: count,
  arrived_at: Instant,
  state: FileState,
  run_id: RunId.nullable(),
  /** When `run_id` took the file; a run that never came to be loses it again. */
  claimed_at: Instant.nullable(),
  /** S3 version ids that repeated this content (same ETag): recorded, skipped, removed with it. */
  repeats: z.array(z.string()),
  reason: Reason.nullable(),
  ledger: FileLedger.nullable(),
  /** Accepted rows per date, written by validate; empty until then. */
  dates: z.record(EventDate, count),
  /** `dates` and those of the versions this one replaced: what kpi has to recompute. */
  touched_dates: z.array(EventDate),
  /** `<run id>-<attempt>`, names the validated objects of this version that stand. */
  committed_by: z.string().nullable(),
  /** Whether any accepted row carries an event_id (such rows may repeat on other dates). */
  has_event_ids: z.boolean(),
  quarantine_key: z.string().nullable(),
  archived_to: z.string().nullable(),
  /** The snapshots its rows were validated with: one, and for a replay those of all its predecessors. Oldest first. */
  reference_versions: z.array(z.string()).default([]),
});
export type FileVersion = z.infer<typeof FileVersion>;

/** `processed/files/<file id>.json`: the one truth about a file. Its rows stand through the highest version that is validated or archived. */
export const FileDocument = z.object({
  schema_version: z.literal(1),
  file_id: FileId,
  key: z.string(),
  versions: z.array(FileVersion),
});
export type FileDocument = z.infer<typeof FileDocument>;

/** `processed/pending/*.json`, `processed/waiting/*.json`: a file version that no run has taken, or that reference data changed. */
export const ArrivalMarker = z.object({
  schema_version: z.literal(1),
  kind: z.enum(['stream', 'reference']),
  key: z.string(),
  file_id: FileId,
  version_id: z.string(),
});
export type ArrivalMarker = z.infer<typeof ArrivalMarker>;

/** `processed/replays/*.json`: a version is to be reprocessed. Idempotent by file, version and cause. */
export const ReplayMarker = z.object({
  schema_version: z.literal(1),
  file_id: FileId,
  key: z.string(),
  replay: Replay,
});
export type ReplayMarker = z.infer<typeof ReplayMarker>;

/** `processed/unknown/<file id>.json`: the file has rows of users or tracks that its snapshot did not know. */
export const UnknownMarker = z.object({ schema_version: z.literal(1), file_id: FileId, key: z.string() });
export type UnknownMarker = z.infer<typeof UnknownMarker>;

/** Where the bytes of a file lie: one version of an object, null where only the newest can be meant (the archive). */
export const RawObject = z.object({ key: z.string(), version_id: z.string().nullable() });
export type RawObject = z.infer<typeof RawObject>;

export const RunFile = z.object({
  file_id: FileId,
  key: z.string(),
  version: z.int().positive(),
  version_id: z.string(),
  etag: z.string(),
  size: count,
  replay: Replay.nullable().default(null),
  /** Where a replay reads; null: `key`, version `version_id`. */
  raw: RawObject.nullable().default(null),
  /** When the version arrived, for a replay: was asked for; how fresh a date is counts from here. Absent in older runs. */
  arrived_at: Instant.optional(),
});
export type RunFile = z.infer<typeof RunFile>;

/** `processed/runs/<run id>/run.json`: the batch. Written once. A file belongs to the run only while its own document says so. */
export const RunDocument = z.object({
  schema_version: z.literal(1),
  run_id: RunId,
  created_at: Instant,
  files: z.array(RunFile),
  reference_changed: z.boolean(),
  /** A backfill: the dates to compute again, by the snapshot named here. Such a run has no files and begins at kpi. */
  dates: z.array(EventDate).default([]),
  reference_version: z.string().nullable().default(null),
  /** Why a person asked for the run; null for what arrived. */
  why: z.string().nullable().default(null),
});
export type RunDocument = z.infer<typeof RunDocument>;

/**
 * claimed: a start holds it until `lease_expires_at` · started: its Glue run is under way · deferred: the house was
 * full, a delayed copy of the message is out · retrying: the job failed and may be started again · closed: the job
 * succeeded · dead: given up, the message stands in the dead-letter queue.
 */
export const StageState = z.enum(['claimed', 'started', 'deferred', 'retrying', 'closed', 'dead']);
export type StageState = z.infer<typeof StageState>;

/** What is still to be sent (or was): part of the state that decided it, so a crash between deciding and sending loses nothing. */
export const OutboxEntry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('request'), message: StageRequested, delay_seconds: count }),
  z.object({
    kind: z.literal('dead_letter'),
    message: StageRequested,
    reason: z.string(),
    job_run_id: z.string().nullable(),
    error: z.string(),
  }),
  z.object({ kind: z.literal('run_completed'), run_id: RunId }),
]);
export type OutboxEntry = z.infer<typeof OutboxEntry>;

/** `processed/runs/<run id>/<stage>/stage.json`: the claim of a stage on a run, and how it ended. */
export const StageDocument = z.object({
  schema_version: z.literal(1),
  run_id: RunId,
  stage: Stage,
  state: StageState,
  /** 1, 2, …: counts the Glue runs asked for; the job writes under it. */
  attempt: z.int().positive(),
  /** Failed attempts since the start or the last redrive. */
  failures: count,
  message: StageRequested,
  claimed_by: z.string(),
  claimed_at: Instant,
  lease_expires_at: Instant,
  deferrals: count,
  deferred_since: Instant.nullable(),
  job_run_id: z.string().nullable(),
  started_at: Instant.nullable(),
  ended_at: Instant.nullable(),
  job_state: z.string().nullable(),
  error: z.string().nullable(),
  outbox: z.array(OutboxEntry),
  sent: z.boolean(),
});
export type StageDocument = z.infer<typeof StageDocument>;

/** accepted = counted + skipped + duplicate. */
export const DateLedger = z.object({ accepted: count, counted: count, skipped: count, duplicate: count });
export type DateLedger = z.infer<typeof DateLedger>;

/** `processed/dates/<date>.json`: the published KPIs of a date. The highest generation wins. */
export const DateDocument = z.object({
  schema_version: z.literal(1),
  date: EventDate,
  generation: z.int().positive(),
  run_id: RunId,
  reference_version: z.string(),
  computed_at: Instant,
  ledger: DateLedger,
  /**
   * File ids: those with accepted rows on the date, and those that hold copies of such rows on other dates. Who computes
   * the date again asks them too: a listing of validated/ forgets with the bucket's lifecycle. Older documents have none.
   */
  files: z.array(FileId).default([]),
  /** metric → its Parquet object and how many items it holds; a metric without items is absent. */
  objects: z.record(z.string(), z.object({ key: z.string(), items: count })),
});
export type DateDocument = z.infer<typeof DateDocument>;

/** `processed/batch-lock.json`: who forms a run just now, and until when that is respected. */
export const BatchLockDocument = z.object({ schema_version: z.literal(1), holder: z.string(), until: Instant });
export type BatchLockDocument = z.infer<typeof BatchLockDocument>;

/** `processed/generation.json`: the one counter. */
export const GenerationDocument = z.object({ schema_version: z.literal(1), generation: count });

export const ReferenceSource = z.object({ key: z.string(), version_id: z.string(), etag: z.string() });

/** `processed/reference.json`: the snapshot new runs pin (null before the first), and the reference files that could not be used. */
export const ReferenceDocument = z.object({
  schema_version: z.literal(1),
  reference_version: z.string().nullable(),
  tracks_key: z.string().nullable(),
  users_key: z.string().nullable(),
  created_at: Instant.nullable(),
  run_id: RunId.nullable(),
  sources: z.array(ReferenceSource),
  tracks: count,
  users: count,
  skipped_rows: z.record(z.string(), count),
  broken: z.array(z.object({ key: z.string(), version_id: z.string(), reason: Reason })),
});
export type ReferenceDocument = z.infer<typeof ReferenceDocument>;

/** Which content of its key a version is. */
export const contentVersion = ({ content_version, version }: FileVersion): number => content_version ?? version;

/**
 * The order in which versions have the word: by their content, then by the validation of it. A replay of older content (an
 * erasure's) is no newer word than newer content, though its number is higher.
 */
export const byContent = (a: FileVersion, b: FileVersion): number =>
  contentVersion(a) - contentVersion(b) || a.version - b.version;
