import {
  activePrefix,
  REFERENCE_KEY,
  ReferenceDocument,
  RunDocument,
  runKey,
  SONGS_PREFIX,
  STREAMS_PREFIX,
  USERS_PREFIX,
} from '@music-etl/contracts';
import { isFolder } from '../domain/notification.ts';
import { unseenReferences } from '../domain/references.ts';
import type { RawVersion } from './raw-objects.ts';
import { markReference, type RegisterDeps, registerListed } from './register.ts';

export interface SweepDeps extends RegisterDeps {
  /** How long a version may lie there before its notification is held for lost. */
  readonly silenceSeconds: number;
}

/** Files at once: hides the store's latency. */
const AT_ONCE = 20;

const isOld = (deps: SweepDeps, { lastModified }: RawVersion): boolean =>
  deps.now().getTime() - lastModified.getTime() > deps.silenceSeconds * 1000;

/** Up to the newest version that is old enough: what is younger may yet be told of, but never before what is older. */
const due = (deps: SweepDeps, versions: readonly RawVersion[]): readonly RawVersion[] =>
  versions.slice(0, versions.findLastIndex((version) => isOld(deps, version)) + 1);

type Outcome = { readonly found: number; readonly errors: readonly unknown[] };
const NOTHING: Outcome = { found: 0, errors: [] };

const sum = (outcomes: readonly Outcome[]): Outcome => ({
  found: outcomes.reduce((total, { found }) => total + found, 0),
  errors: outcomes.flatMap(({ errors }) => errors),
});

/** What comes of work under a key or prefix; its trouble is told of at the end. */
const attempt = async (at: string, work: () => Promise<Outcome>): Promise<Outcome> => {
  try {
    return await work();
  } catch (cause) {
    return { found: 0, errors: [new Error(`${at} could not be swept`, { cause })] };
  }
};

const sweepKey = async (deps: SweepDeps, key: string, versions: readonly RawVersion[]): Promise<Outcome> => ({
  found: await registerListed(deps, key, versions),
  errors: [],
});

/** Reads the document of every key that lies under streams/ once. What is archived lies there no more. */
const sweepStreams = async (deps: SweepDeps): Promise<Outcome> => {
  let outcome = NOTHING;
  let batch: Promise<Outcome>[] = [];
  const finish = async (): Promise<void> => {
    outcome = sum([outcome, ...(await Promise.all(batch))]);
    batch = [];
  };
  for await (const versions of deps.objects.keysUnder(STREAMS_PREFIX)) {
    const key = versions[0]?.key ?? '';
    const old = due(deps, versions);
    if (isFolder(key) || old.length === 0) continue;
    batch.push(attempt(key, () => sweepKey(deps, key, old)));
    if (batch.length === AT_ONCE) await finish();
  }
  await finish();
  return outcome;
};

/** A run that looks at the reference files is under way, or waits for a person: another would see no more. */
const isLookedAt = async (deps: SweepDeps): Promise<boolean> => {
  const prefix = activePrefix('ingest');
  const runs = (await deps.documents.list(prefix)).map((key) => key.slice(prefix.length, -'.json'.length));
  const read = (runId: string) => deps.documents.read(runKey(runId), (value) => RunDocument.parse(value));
  return (await Promise.all(runs.map(read))).some((run) => run?.value.reference_changed);
};

const currentFiles = async (deps: SweepDeps): Promise<RawVersion[]> => {
  const current: RawVersion[] = [];
  for (const prefix of [SONGS_PREFIX, USERS_PREFIX]) {
    for await (const versions of deps.objects.keysUnder(prefix)) {
      current.push(...versions.filter(({ isLatest, key }) => isLatest && !isFolder(key)));
    }
  }
  return current;
};

const sweepReferences = async (deps: SweepDeps): Promise<Outcome> => {
  const reference = await deps.documents.read(REFERENCE_KEY, (value) => ReferenceDocument.parse(value));
  const unseen = unseenReferences(await currentFiles(deps), reference?.value ?? null);
  const old = unseen.filter((file) => isOld(deps, file));
  if (old.length === 0 || (await isLookedAt(deps))) return NOTHING;
  for (const { key, versionId } of old) await markReference(deps, key, versionId);
  return { found: old.length, errors: [] };
};

/**
 * Finds what notifications never told of (lost, expired, switched off): registers the versions under streams/ that no
 * file document knows, and marks reference files that no snapshot has been built of. One key's trouble never keeps it
 * from the others.
 * @returns how many it found.
 * @throws AggregateError naming the keys it could not sweep, after all were tried.
 */
export const sweep = async (deps: SweepDeps): Promise<number> => {
  const { found, errors } = sum([
    await attempt(STREAMS_PREFIX, () => sweepStreams(deps)),
    await attempt('reference/', () => sweepReferences(deps)),
  ]);
  if (found > 0) deps.log.warn('found what no notification told of', { found });
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} keys could not be swept`);
  return found;
};
