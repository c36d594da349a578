import { createReconcileHandler } from '@music-etl/stage';
import { sweep } from '../app/sweep.ts';
import { deps, formRun, measureWhatPends, registerDeps } from './deps.ts';

/** Measures before it changes anything, and forms before it sweeps, which takes long where much lies, and again of what was found. */
const formAndSweep = async (): Promise<void> => {
  await measureWhatPends();
  await formRun();
  const found = await sweep({ ...registerDeps, silenceSeconds: deps.limits.silenceSeconds });
  if (found > 0) await formRun();
};

export const handler = createReconcileHandler(deps, formAndSweep);
