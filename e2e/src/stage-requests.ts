import { GLUE_JOBS, type Stage } from '@music-etl/contracts';
import { movementOf } from './principals.ts';
import { missing } from './responses.ts';
import type { Movement } from './settings.ts';
import type { Fault, ObservedRequest } from './watcher.ts';

const requires = ({ required }: ObservedRequest, action: string, resource: RegExp): boolean =>
  required.some((permission) => permission.action === action && resource.test(permission.resource));

/** Returns true for a request of a stage's function that requires `action`. */
export const isRequestOf = (
  request: ObservedRequest,
  by: { stage: Stage; movement: Movement },
  action: string,
  resource: RegExp = /./,
): boolean => {
  if (request.principal.kind !== 'function' || !requires(request, action, resource)) return false;
  const { stage, movement } = movementOf(request.principal.name);
  return stage === by.stage && movement === by.movement;
};

/** Returns true for a stage's request to start its Glue job. */
export const startsJob = (request: ObservedRequest, stage: Stage): boolean =>
  isRequestOf(request, { stage, movement: 'start' }, 'glue:StartJobRun');

/** Returns true for a stage's request to start its Glue job for a run. */
export const startsJobOf = (request: ObservedRequest, stage: Stage, runId: string): boolean =>
  startsJob(request, stage) && request.request.body.includes(runId);

/** Returns the name of a stage's job role. */
export const jobRole = (stage: Stage): string =>
  `AWSGlueServiceRole-MusicStreaming${stage.charAt(0).toUpperCase()}${stage.slice(1)}`;

export const jobName = (stage: Stage): string => GLUE_JOBS[stage];

/** Returns true for a job's request for its script, the first request of every run. */
const requestsScript = (request: ObservedRequest, stage: Stage): boolean =>
  request.principal.kind === 'job' &&
  request.principal.role === jobRole(stage) &&
  requires(request, 's3:GetObject', /\/scripts\/.*\/jobs\//);

/** Creates a fault by which a stage's first runs fail, because they find no script. `close` holds up later runs. */
export const failsAtFirst = (stage: Stage, times: number): { fault: Fault; close: () => void; open: () => void } => {
  let failed = 0;
  let opened = Promise.resolve();
  let open = (): void => {};
  return {
    fault: async (request) => {
      if (!requestsScript(request, stage)) return null;
      failed += 1;
      if (failed <= times) return missing();
      await opened;
      return null;
    },
    close: () => {
      opened = new Promise((resolve) => {
        open = resolve;
      });
    },
    open: () => open(),
  };
};
