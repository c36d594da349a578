import {
  BACKFILLS_PREFIX,
  BackfillDocument,
  backfillKey,
  DATES_PREFIX,
  DateDocument,
  FILES_PREFIX,
  FileDocument,
  REFERENCE_KEY,
  ReferenceDocument,
} from '@music-etl/contracts';
import { documentsUnder, readDocument } from '../shared/documents.ts';
import { UserError } from '../shared/errors.ts';
import type { OperationDeps } from '../shared/operation-ports.ts';
import { newRunId } from '../shared/run-ids.ts';
import { type BackfillRequest, chunksOf, datesWithRows, overlapping, USUAL_CONCURRENCY, unfinished } from './plan.ts';
import { type Estimate, estimateBackfill } from './price.ts';

/** What a backfill will do, or has begun to do. */
export interface BackfillPlan {
  document: BackfillDocument;
  /** The document was there: an earlier command began it. */
  resumed: boolean;
  estimate: Estimate;
  /** Unfinished backfills of some of the same dates. */
  others: BackfillDocument[];
}

const referenceVersion = async ({ objects }: OperationDeps): Promise<string> => {
  const reference = await readDocument(objects, REFERENCE_KEY, ReferenceDocument);
  if (reference?.reference_version) return reference.reference_version;
  throw new UserError('there is no reference data yet, so nothing was ever computed', 'put songs and users first', 1);
};

const newBackfill = (
  deps: OperationDeps,
  { from, to, why, concurrency }: BackfillRequest,
  chunks: readonly string[][],
  reference_version: string,
): BackfillDocument => {
  const now = new Date(deps.clock.now());
  return {
    schema_version: 1,
    backfill_id: newRunId(now, deps.chance()),
    from,
    to,
    why: why ?? `backfill of ${from} … ${to}`,
    requested_by: deps.requestedBy,
    created_at: now.toISOString(),
    reference_version,
    concurrency: concurrency ?? USUAL_CONCURRENCY,
    runs: chunks.map((dates) => ({ run_id: newRunId(now, deps.chance()), dates })),
    completed_at: null,
  };
};

/**
 * Plans a backfill, or finds the unfinished one of the same dates and snapshot; writes nothing.
 * @throws UserError where no date of the range has rows
 */
export const planBackfill = async (deps: OperationDeps, request: BackfillRequest): Promise<BackfillPlan> => {
  const { objects, screen } = deps;
  screen.progress('looking for dates with rows');
  const reference = await referenceVersion(deps);
  const [published, files, backfills] = await Promise.all([
    // The two dates before the range are read, but nothing is asked of their documents.
    documentsUnder(objects, DATES_PREFIX, DateDocument, (key) => isInRange(key, request)),
    documentsUnder(objects, FILES_PREFIX, FileDocument),
    documentsUnder(objects, BACKFILLS_PREFIX, BackfillDocument),
  ]);
  const begun = unfinished(backfills, request, reference);
  const dates = datesWithRows(request, published, files);
  if (begun === null && dates.length === 0) {
    throw new UserError(
      `no date from ${request.from} to ${request.to} has rows`,
      'npx music-etl status shows files and their dates',
      1,
    );
  }
  const document = begun ?? newBackfill(deps, request, chunksOf(dates, request.datesPerRun), reference);
  const chunks = document.runs.map((run) => run.dates);
  return {
    document,
    resumed: begun !== null,
    estimate: estimateBackfill(chunks, published, files),
    others: overlapping(backfills, document),
  };
};

const isInRange = (key: string, { from, to }: BackfillRequest): boolean => {
  const date = key.slice(DATES_PREFIX.length, -'.json'.length);
  return date >= from && date <= to;
};

/** Writes a planned backfill, once. */
export const recordBackfill = async (
  { documents }: OperationDeps,
  { document, resumed }: BackfillPlan,
): Promise<void> => {
  if (!resumed) await documents.create(backfillKey(document.backfill_id), document);
};

/** Says that all runs are done. Another command that follows the same backfill may have said so before. */
export const completeBackfill = async (
  { documents, clock }: OperationDeps,
  { backfill_id }: BackfillDocument,
): Promise<void> => {
  const key = backfillKey(backfill_id);
  for (;;) {
    const read = await documents.read(key, (value) => BackfillDocument.parse(value));
    if (read === null || read.value.completed_at !== null) return;
    const completed = { ...read.value, completed_at: new Date(clock.now()).toISOString() };
    if (await documents.replace(key, completed, read.etag)) return;
  }
};
