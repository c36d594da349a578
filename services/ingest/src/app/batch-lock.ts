import { BATCH_LOCK_KEY, BatchLockDocument } from '@music-etl/contracts';
import type { DocumentStore, Stored, World } from '@music-etl/stage';

const read = (documents: DocumentStore): Promise<Stored<BatchLockDocument> | null> =>
  documents.read(BATCH_LOCK_KEY, (value) => BatchLockDocument.parse(value));

const write = (documents: DocumentStore, next: BatchLockDocument, over: Stored<unknown> | null): Promise<boolean> =>
  over === null ? documents.create(BATCH_LOCK_KEY, next) : documents.replace(BATCH_LOCK_KEY, next, over.etag);

/**
 * Runs `work` under the lock. Returns false without it if another function holds the lock. The lock only keeps two
 * functions from splitting a batch into two runs. The files' own documents prevent what must not happen twice, so a
 * lease that expires early costs a Glue run and nothing else.
 */
export const withBatchLock = async (
  documents: DocumentStore,
  world: World,
  leaseSeconds: number,
  work: () => Promise<void>,
): Promise<boolean> => {
  const before = await read(documents);
  if (before !== null && before.value.until > world.now().toISOString()) return false;
  const holder = world.id();
  const until = new Date(world.now().getTime() + leaseSeconds * 1000).toISOString();
  if (!(await write(documents, { schema_version: 1, holder, until }, before))) return false;
  try {
    await work();
  } finally {
    const ours = await read(documents);
    if (ours?.value.holder === holder) {
      await write(documents, { schema_version: 1, holder, until: world.now().toISOString() }, ours);
    }
  }
  return true;
};
