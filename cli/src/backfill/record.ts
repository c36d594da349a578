import { BackfillDocument, backfillKey } from '@music-etl/contracts';
import type { OperationDeps } from '../shared/operations.ts';
import type { BackfillPlan } from './plan.ts';

type RecordDeps = Pick<OperationDeps, 'documents' | 'clock'>;

/** Writes the document of a planned backfill, unless an earlier command did. */
export const recordBackfill = async (
  { documents }: Pick<RecordDeps, 'documents'>,
  { document, resumed }: BackfillPlan,
): Promise<void> => {
  if (!resumed) await documents.create(backfillKey(document.backfill_id), document);
};

/** Marks a backfill as completed, unless another command that follows it did. */
export const completeBackfill = async (
  { documents, clock }: RecordDeps,
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
