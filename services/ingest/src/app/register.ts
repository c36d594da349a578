import { FileDocument, fileId, fileKey, pendingKey, pendingReferenceKey } from '@music-etl/contracts';
import type { DocumentStore, Log } from '@music-etl/stage';
import { type Arrival, decideArrival } from '../domain/arrival.ts';
import { type DecidedArrival, decideArrivals, type OrderedArrival, orderArrival } from '../domain/arrivals.ts';
import type { Arrived } from '../domain/notification.ts';
import type { RawObjects, RawVersion } from './raw-objects.ts';

export interface RegisterDeps {
  readonly documents: DocumentStore;
  readonly objects: RawObjects;
  readonly now: () => Date;
  readonly log: Log;
}

/** Creates a marker. An existing one is not overwritten, because its age shows how long the file has waited. */
const mark = async (
  deps: RegisterDeps,
  kind: Arrived['kind'],
  at: string,
  key: string,
  versionId: string,
): Promise<void> => {
  await deps.documents.create(at, { schema_version: 1, kind, key, file_id: fileId(key), version_id: versionId });
};

/** Marks a reference file. It needs no document, since a run reads all reference files. */
export const markReference = (deps: RegisterDeps, key: string, versionId: string): Promise<void> =>
  mark(deps, 'reference', pendingReferenceKey(key, versionId), key, versionId);

const toArrival = ({ key, versionId, etag, size }: RawVersion): Arrival => ({
  key,
  versionId,
  etag,
  size,
  sequencer: '',
});

interface Written {
  readonly document: FileDocument | null;
  readonly decided: readonly DecidedArrival[];
}

/**
 * Writes arrivals into their file's document. Decides again if another writer was first.
 * @param order orders the arrivals, given the document that was read.
 */
const writeArrivals = async (
  deps: RegisterDeps,
  key: string,
  order: (document: FileDocument | null) => Promise<readonly OrderedArrival[]>,
): Promise<Written> => {
  const at = fileKey(fileId(key));
  for (;;) {
    const read = await deps.documents.read(at, (value) => FileDocument.parse(value));
    const before = read?.value ?? null;
    const next = decideArrivals(before, await order(before), deps.now());
    if (next.document === before) return next;
    const written =
      read === null
        ? await deps.documents.create(at, next.document)
        : await deps.documents.replace(at, next.document, read.etag);
    if (written) return next;
  }
};

const isPending = ({ decision }: DecidedArrival): boolean => decision.kind === 'known' && decision.pending;

/**
 * Returns the versions to mark. If an arrival is known and in no run, an earlier invocation may have died before it
 * marked it or a version before it; then all pending versions are marked.
 */
const toMark = ({ document, decided }: Written): { readonly version: number; readonly versionId: string }[] => {
  if (!decided.some(isPending)) {
    return decided.flatMap(({ arrival: { versionId }, decision }) =>
      decision.kind === 'new' ? [{ version: decision.version, versionId }] : [],
    );
  }
  const pending = (document?.versions ?? []).filter(({ state }) => state === 'pending');
  return pending.map(({ version, version_id: versionId }) => ({ version, versionId }));
};

const repeatsArchived = ({ decision }: DecidedArrival): boolean =>
  decision.kind === 'repeat' ? decision.archived : decision.kind === 'known' && decision.archivedRepeat;

/** Marks new versions for a run, and deletes repeats of archived content. */
const follow = async (deps: RegisterDeps, key: string, written: Written): Promise<void> => {
  for (const { arrival, decision } of written.decided) {
    if (decision.kind === 'known') continue;
    deps.log.info('a stream file arrived', { key, version_id: arrival.versionId, decision: decision.kind });
  }
  for (const { version, versionId } of toMark(written)) {
    await mark(deps, 'stream', pendingKey(fileId(key), version), key, versionId);
  }
  for (const { arrival } of written.decided.filter(repeatsArchived)) {
    await deps.objects.deleteVersion(key, arrival.versionId);
  }
};

/**
 * Registers the arrival of an S3 event. A version of a stream file is written into its document, together with every
 * unknown older version, in S3's order.
 */
export const register = async (deps: RegisterDeps, { kind, arrival }: Arrived): Promise<void> => {
  const { key } = arrival;
  if (kind === 'reference') return markReference(deps, key, arrival.versionId);
  let listed: readonly OrderedArrival[] | null = null;
  const order = async (document: FileDocument | null): Promise<readonly OrderedArrival[]> => {
    if (decideArrival(document, arrival, deps.now()).kind === 'known') return [{ arrival, listed: false }];
    listed ??= orderArrival(arrival, (await deps.objects.versionsOf(key)).map(toArrival));
    return listed;
  };
  await follow(deps, key, await writeArrivals(deps, key, order));
};

/**
 * Registers versions of one key, oldest first, that a listing found.
 * @returns how many of them were unknown.
 */
export const registerListed = async (
  deps: RegisterDeps,
  key: string,
  versions: readonly RawVersion[],
): Promise<number> => {
  const arrivals = versions.map((version) => ({ arrival: toArrival(version), listed: true }));
  const written = await writeArrivals(deps, key, async () => arrivals);
  await follow(deps, key, written);
  return written.decided.filter(({ decision }) => decision.kind !== 'known').length;
};
