import { lambdaDeps, parseEnvironment } from '@music-etl/stage/handlers';
import { rawObjects } from '../adapters/raw-objects.ts';
import { writtenUnder } from '../adapters/written-under.ts';
import { createRuns } from '../app/create-runs.ts';
import { measurePending } from '../app/measure-pending.ts';
import type { RegisterDeps } from '../app/register.ts';
import { definition } from '../domain/definition.ts';
import { IngestEnvironment } from './environment.ts';

const env = parseEnvironment(IngestEnvironment, process.env);

export const deps = lambdaDeps(definition);

export const registerDeps: RegisterDeps = {
  documents: deps.documents,
  now: deps.world.now,
  log: deps.log,
  objects: rawObjects(deps.s3, deps.bucket),
};

/** Creates runs of what is pending. Every function of ingest ends with it. */
export const createPendingRuns = async (): Promise<void> => {
  const limits = { maxActive: env.MAX_ACTIVE_RUNS, maxFiles: env.MAX_FILES_PER_RUN };
  await createRuns({ ...deps, ...limits, leaseSeconds: deps.limits.leaseSeconds });
};

export const measurePendingFiles = (): Promise<void> =>
  measurePending({ writtenUnder: writtenUnder(deps.s3, deps.bucket), now: deps.world.now, meter: deps.meter });
