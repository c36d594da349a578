import { GLUE_JOBS, type Stage } from '@music-etl/contracts';
import { missing } from './answers.ts';
import { movementOf } from './principals.ts';
import type { Movement } from './settings.ts';
import type { Fault, Request } from './watcher.ts';
import type { World } from './world.ts';

/** Does `work` while something is broken. */
export const whileBroken = async <T>(world: World, fault: Fault, work: () => Promise<T>): Promise<T> => {
  const patch = world.watcher.breakBy(fault);
  try {
    return await work();
  } finally {
    patch();
  }
};

const needs = ({ needs: all }: Request, action: string, resource: RegExp): boolean =>
  all.some((need) => need.action === action && resource.test(need.resource));

/** Whether a function of a stage asks for this. */
export const isAsked = (
  request: Request,
  by: { stage: Stage; movement: Movement },
  action: string,
  resource: RegExp = /./,
): boolean => {
  if (request.who.kind !== 'function' || !needs(request, action, resource)) return false;
  const { stage, movement } = movementOf(request.who.name);
  return stage === by.stage && movement === by.movement;
};

/** Whether a stage asks Glue to start its job. */
export const startsJob = (request: Request, stage: Stage): boolean =>
  isAsked(request, { stage, movement: 'start' }, 'glue:StartJobRun');

/** Whether a stage asks Glue to start its job for a run. */
export const startsJobOf = (request: Request, stage: Stage, runId: string): boolean =>
  startsJob(request, stage) && request.asked.body.includes(runId);

const ROLE_OF: Record<Stage, string> = {
  ingest: 'AWSGlueServiceRole-MusicStreamingIngest',
  validate: 'AWSGlueServiceRole-MusicStreamingValidate',
  kpi: 'AWSGlueServiceRole-MusicStreamingKpi',
  load: 'AWSGlueServiceRole-MusicStreamingLoad',
  archive: 'AWSGlueServiceRole-MusicStreamingArchive',
};
export const jobRole = (stage: Stage): string => ROLE_OF[stage];
export const jobName = (stage: Stage): string => GLUE_JOBS[stage];

/** The job of a stage looks for its script: the first thing a run does. */
const looksForScript = (request: Request, stage: Stage): boolean =>
  request.who.kind === 'job' &&
  request.who.role === jobRole(stage) &&
  needs(request, 's3:GetObject', /\/scripts\/.*\/jobs\//);

/** A stage's first runs do not find their script and fail; later ones may be held up before they begin. */
export const failsAtFirst = (stage: Stage, times: number): { fault: Fault; close: () => void; open: () => void } => {
  let failed = 0;
  let opened = Promise.resolve();
  let open = (): void => {};
  return {
    fault: async (request) => {
      if (!looksForScript(request, stage)) return null;
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

/** Lets requests wait at a gate until it opens, and knows when one has come. */
export class Gate {
  readonly #opened: Promise<void>;
  open: () => void = () => {};
  arrived = 0;

  constructor(private readonly stops: (request: Request) => boolean) {
    this.#opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  readonly fault: Fault = async (request) => {
    if (!this.stops(request)) return null;
    this.arrived += 1;
    await this.#opened;
    return null;
  };
}

/** Does `work` while requests wait at a gate; afterwards it is open, whatever happened. */
export const whileGated = async <T>(
  world: World,
  stops: (request: Request) => boolean,
  work: (gate: Gate) => Promise<T>,
): Promise<T> => {
  const gate = new Gate(stops);
  try {
    return await whileBroken(world, gate.fault, () => work(gate));
  } finally {
    gate.open();
  }
};
