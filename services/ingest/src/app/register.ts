import { FileDocument, fileId, fileKey, pendingKey, pendingReferenceKey } from '@music-etl/contracts';
import type { DocumentStore, Log } from '@music-etl/stage';
import { type Arrival, decideArrival } from '../domain/arrival.ts';
import { type Entered, enterArrivals, type Placed, placed } from '../domain/arrivals.ts';
import type { Arrived } from '../domain/notification.ts';
import type { RawObjects, RawVersion } from './raw-objects.ts';

export interface RegisterDeps {
  readonly documents: DocumentStore;
  readonly objects: RawObjects;
  readonly now: () => Date;
  readonly log: Log;
}

/** One that is there stays as it is: how long ago it was put says how long its file has waited. */
const mark = async (
  deps: RegisterDeps,
  kind: Arrived['kind'],
  at: string,
  key: string,
  versionId: string,
): Promise<void> => {
  await deps.documents.create(at, { schema_version: 1, kind, key, file_id: fileId(key), version_id: versionId });
};

/** A reference file is only marked, since a run reads all of them. */
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
  readonly entered: readonly Entered[];
}

/**
 * Writes arrivals into their file's document, deciding anew for as long as others write it first.
 * @param place where they belong, given the document that was read.
 */
const enter = async (
  deps: RegisterDeps,
  key: string,
  place: (document: FileDocument | null) => Promise<readonly Placed[]>,
): Promise<Written> => {
  const at = fileKey(fileId(key));
  for (;;) {
    const read = await deps.documents.read(at, (value) => FileDocument.parse(value));
    const before = read?.value ?? null;
    const next = enterArrivals(before, await place(before), deps.now());
    if (next.document === before) return next;
    const written =
      read === null
        ? await deps.documents.create(at, next.document)
        : await deps.documents.replace(at, next.document, read.etag);
    if (written) return next;
  }
};

const isPending = ({ decision }: Entered): boolean => decision.kind === 'known' && decision.pending;

/** Told of again while no run has it, whoever wrote it (and what came before it) may have died before it was marked. */
const toMark = ({ document, entered }: Written): { readonly version: number; readonly versionId: string }[] => {
  if (!entered.some(isPending)) {
    return entered.flatMap(({ arrival: { versionId }, decision }) =>
      decision.kind === 'new' ? [{ version: decision.version, versionId }] : [],
    );
  }
  const pending = (document?.versions ?? []).filter(({ state }) => state === 'pending');
  return pending.map(({ version, version_id: versionId }) => ({ version, versionId }));
};

const archivedAgain = ({ decision }: Entered): boolean =>
  decision.kind === 'repeat' ? decision.archived : decision.kind === 'known' && decision.archivedRepeat;

/** What has entered its document waits, marked, for a run; a repeat of content that is archived is taken away. */
const follow = async (deps: RegisterDeps, key: string, written: Written): Promise<void> => {
  for (const { arrival, decision } of written.entered) {
    if (decision.kind === 'known') continue;
    deps.log.info('a stream file arrived', { key, version_id: arrival.versionId, decision: decision.kind });
  }
  for (const { version, versionId } of toMark(written)) {
    await mark(deps, 'stream', pendingKey(fileId(key), version), key, versionId);
  }
  for (const { arrival } of written.entered.filter(archivedAgain)) {
    await deps.objects.deleteVersion(key, arrival.versionId);
  }
};

/**
 * Takes note of what an S3 event tells of: a stream file's version enters its document, and with it every older one
 * that nobody was told of yet, in the order in which S3 has them.
 */
export const register = async (deps: RegisterDeps, { kind, arrival }: Arrived): Promise<void> => {
  const { key } = arrival;
  if (kind === 'reference') return markReference(deps, key, arrival.versionId);
  let listed: readonly Placed[] | null = null;
  const place = async (document: FileDocument | null): Promise<readonly Placed[]> => {
    if (decideArrival(document, arrival, deps.now()).kind === 'known') return [{ arrival, listed: false }];
    listed ??= placed(arrival, (await deps.objects.versionsOf(key)).map(toArrival));
    return listed;
  };
  await follow(deps, key, await enter(deps, key, place));
};

/**
 * The same for versions of one key, oldest first, that a listing found.
 * @returns how many of them nobody had been told of.
 */
export const registerListed = async (
  deps: RegisterDeps,
  key: string,
  versions: readonly RawVersion[],
): Promise<number> => {
  const arrivals = versions.map((version) => ({ arrival: toArrival(version), listed: true }));
  const written = await enter(deps, key, async () => arrivals);
  await follow(deps, key, written);
  return written.entered.filter(({ decision }) => decision.kind !== 'known').length;
};
