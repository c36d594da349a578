import {
  activeKey,
  BACKFILL_START,
  type BackfillDocument,
  queueName,
  type RunDocument,
  requestStage,
  runKey,
} from '@music-etl/contracts';
import type { OperationDeps } from '../shared/operations.ts';

/** A run as its backfill lists it. */
export type BackfillRun = BackfillDocument['runs'][number];

/**
 * Writes a run's document and active marker, then requests its first stage, in this order. What a crash interrupts, the
 * reconciler or the next command completes. It may be repeated, since a second message finds the claim.
 */
export const startRun = async (
  { documents, clock, send }: Pick<OperationDeps, 'documents' | 'clock' | 'send'>,
  { reference_version, why }: BackfillDocument,
  { run_id, dates }: BackfillRun,
  suffix: string,
): Promise<void> => {
  const now = new Date(clock.now());
  const run: RunDocument = {
    schema_version: 1,
    run_id,
    created_at: now.toISOString(),
    files: [],
    reference_changed: false,
    dates,
    reference_version,
    why,
  };
  await documents.create(runKey(run_id), run);
  await documents.mark(activeKey(run_id, BACKFILL_START), { run_id });
  await send(queueName(BACKFILL_START) + suffix, requestStage(BACKFILL_START, run_id, now));
};
