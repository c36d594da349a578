import { lambdaDeps, parseEnvironment } from '@music-etl/stage';
import { z } from 'zod';
import { rawObjects } from '../adapters/raw-objects.ts';
import { writtenUnder } from '../adapters/written-under.ts';
import { form } from '../app/form.ts';
import { measurePending } from '../app/measure-pending.ts';
import type { RegisterDeps } from '../app/register.ts';
import { definition } from '../domain/definition.ts';

const IngestEnvironment = z.object({
  MAX_ACTIVE_RUNS: z.coerce.number().int().positive(),
  MAX_FILES_PER_RUN: z.coerce.number().int().positive(),
});
const env = parseEnvironment(IngestEnvironment, process.env);

export const deps = lambdaDeps(definition);

export const registerDeps: RegisterDeps = {
  documents: deps.documents,
  now: deps.world.now,
  log: deps.log,
  objects: rawObjects(deps.s3, deps.bucket),
};

/** Forms a run of what has gathered; what every function of ingest ends with. */
export const formRun = async (): Promise<void> => {
  const limits = { maxActive: env.MAX_ACTIVE_RUNS, maxFiles: env.MAX_FILES_PER_RUN };
  await form({ ...deps, ...limits, leaseSeconds: deps.limits.leaseSeconds });
};

export const measureWhatPends = (): Promise<void> =>
  measurePending({ writtenUnder: writtenUnder(deps.s3, deps.bucket), now: deps.world.now, meter: deps.meter });
