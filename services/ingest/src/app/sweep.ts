import {
  REFERENCE_KEY,
  ReferenceDocument,
  RunDocument,
  runKey,
  SONGS_PREFIX,
  STREAMS_PREFIX,
  USERS_PREFIX,
} from '@music-etl/contracts';
import { activeRuns } from '@music-etl/stage';
import { isFolder } from '../domain/notification.ts';
import { unseenReferences } from '../domain/references.ts';
import type { RawVersion } from './raw-objects.ts';
import { markReference, type RegisterDeps, registerListed } from './register.ts';

export interface SweepDeps extends RegisterDeps {
  /** After how long without a notification a version counts as missed. */
  readonly silenceSeconds: number;
}

/** Files at the same time; hides the latency of S3. */
const CONCURRENCY = 20;

const isOld = (deps: SweepDeps, { lastModified }: RawVersion): boolean =>
  deps.now().getTime() - lastModified.getTime() > deps.silenceSeconds * 1000;

/** Returns the versions up to the newest one that is old enough. For younger ones a notification may still come. */
const due = (deps: SweepDeps, versions: readonly RawVersion[]): readonly RawVersion[] =>
  versions.slice(0, versions.findLastIndex((version) => isOld(deps, version)) + 1);

type Outcome = { readonly found: number; readonly errors: readonly unknown[] };
const NOTHING: Outcome = { found: 0, errors: [] };

const sum = (outcomes: readonly Outcome[]): Outcome => ({
  found: outcomes.reduce((total, { found }) => total + found, 0),
  errors: outcomes.flatMap(({ errors }) => errors),
});

/** Does work under a key or prefix; an error becomes part of the outcome. */
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

/** Sweeps every key under streams/ and reads its document once. Archived files are no longer there. */
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
    if (batch.length === CONCURRENCY) await finish();
  }
  await finish();
  return outcome;
};

/** Returns whether an active run reads the reference files already; another run would find no more. */
const isBeingRead = async (deps: SweepDeps): Promise<boolean> => {
  const runs = await activeRuns(deps.documents, 'ingest');
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
  if (old.length === 0 || (await isBeingRead(deps))) return NOTHING;
  for (const { key, versionId } of old) await markReference(deps, key, versionId);
  return { found: old.length, errors: [] };
};

/**
 * Finds arrivals whose notification was lost, expired or switched off. It registers versions under streams/ that no
 * file document contains, and marks reference files that no snapshot contains. An error of one key does not stop the
 * others.
 * @returns how many arrivals it found.
 * @throws AggregateError with the keys that it could not sweep, after all were tried.
 */
export const sweep = async (deps: SweepDeps): Promise<number> => {
  const { found, errors } = sum([
    await attempt(STREAMS_PREFIX, () => sweepStreams(deps)),
    await attempt('reference/', () => sweepReferences(deps)),
  ]);
  if (found > 0) deps.log.warn('found arrivals without a notification', { found });
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} keys could not be swept`);
  return found;
};
