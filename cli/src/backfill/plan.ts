import {
  BACKFILLS_PREFIX,
  BackfillDocument,
  DATES_PREFIX,
  DateDocument,
  FILES_PREFIX,
  FileDocument,
  nameUnder,
  REFERENCE_KEY,
  ReferenceDocument,
} from '@music-etl/contracts';
import { newRunId } from '@music-etl/stage';
import { type DocumentSource, documentsUnder, readDocument } from '../shared/documents.ts';
import { UserError } from '../shared/errors.ts';
import type { OperationDeps } from '../shared/operations.ts';
import { chunksOf, datesToCompute, rowsByDate } from './dates.ts';
import { type BackfillRequest, DEFAULT_CONCURRENCY } from './options.ts';
import { type Estimate, estimateBackfill } from './price.ts';
import { findUnfinished, overlapping } from './unfinished.ts';

/** A backfill that is to run, or that an earlier command started. */
export interface BackfillPlan {
  document: BackfillDocument;
  /** true: an earlier command wrote the document. */
  resumed: boolean;
  estimate: Estimate;
  /** Unfinished backfills of some of the same dates. */
  others: BackfillDocument[];
}

type PlanDeps = Pick<OperationDeps, 'objects' | 'screen' | 'clock' | 'randomHex' | 'requestedBy'>;

const readReferenceVersion = async (objects: DocumentSource): Promise<string> => {
  const reference = await readDocument(objects, REFERENCE_KEY, ReferenceDocument);
  if (reference?.reference_version) return reference.reference_version;
  throw new UserError('there is no reference data yet, so nothing was ever computed', 'put songs and users first', 1);
};

const isInRange = (key: string, { from, to }: BackfillRequest): boolean => {
  const date = nameUnder(DATES_PREFIX, key);
  return date >= from && date <= to;
};

const newBackfill = (
  { clock, randomHex, requestedBy }: PlanDeps,
  { from, to, why, concurrency, datesPerRun }: BackfillRequest,
  dates: readonly string[],
  referenceVersion: string,
): BackfillDocument => {
  if (dates.length === 0) {
    const todo = 'npx music-etl status shows files and their dates';
    throw new UserError(`no date from ${from} to ${to} has rows`, todo, 1);
  }
  const now = new Date(clock.now());
  return {
    schema_version: 1,
    backfill_id: newRunId(now, randomHex()),
    from,
    to,
    why: why ?? `backfill of ${from} … ${to}`,
    requested_by: requestedBy,
    created_at: now.toISOString(),
    reference_version: referenceVersion,
    concurrency: concurrency ?? DEFAULT_CONCURRENCY,
    runs: chunksOf(dates, datesPerRun).map((chunk) => ({ run_id: newRunId(now, randomHex()), dates: chunk })),
    completed_at: null,
  };
};

/**
 * Plans a backfill, or finds the unfinished one of the same dates and snapshot; writes nothing.
 * @throws UserError if no date of the range has rows
 */
export const planBackfill = async (deps: PlanDeps, request: BackfillRequest): Promise<BackfillPlan> => {
  const { objects, screen } = deps;
  screen.progress('reading dates and files');
  const referenceVersion = await readReferenceVersion(objects);
  const [published, files, backfills] = await Promise.all([
    documentsUnder(objects, DATES_PREFIX, DateDocument, (key) => isInRange(key, request)),
    documentsUnder(objects, FILES_PREFIX, FileDocument),
    documentsUnder(objects, BACKFILLS_PREFIX, BackfillDocument),
  ]);
  const rows = rowsByDate(files);
  const unfinished = findUnfinished(backfills, request, referenceVersion);
  const document = unfinished ?? newBackfill(deps, request, datesToCompute(request, published, rows), referenceVersion);
  const chunks = document.runs.map(({ dates }) => dates);
  screen.progress('');
  return {
    document,
    resumed: unfinished !== null,
    estimate: estimateBackfill(chunks, published, rows),
    others: overlapping(backfills, document),
  };
};
