import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '../error-text.ts';
import { AwsError } from '../gateway/aws-json.ts';
import { type MoveTask, runMoveTask } from './move-task.ts';
import type { Queues } from './ports.ts';

export type MoveTasks = {
  start: (sourceArn: string, destinationArn: string | null, perSecond: number | null) => Promise<MoveTask>;
  /** Newest first. */
  list: (sourceArn: string, max: number) => readonly MoveTask[];
  cancel: (handle: string) => MoveTask;
  end: () => Promise<void>;
};

type Deps = {
  queues: Queues;
  now: () => number;
  newId: () => string;
  log: (line: string) => void;
  pause?: (ms: number) => Promise<void>;
};

const inspectOrThrow = async (queues: Queues, arn: string, parameter: string) => {
  const queue = await queues.inspect(arn);
  if (queue !== null) return queue;
  const message = `The resource that you specified for the ${parameter} parameter doesn't exist.`;
  throw new AwsError('ResourceNotFoundException', message);
};

const ONE_TASK = 'Only one active task is allowed for a source queue arn at a given time.';

/** Creates a new task, or throws AWS's error if it may not start. */
const newTask = async (
  { queues, now, newId }: Deps,
  tasks: readonly MoveTask[],
  { sourceArn, destinationArn, perSecond }: Pick<MoveTask, 'sourceArn' | 'destinationArn' | 'perSecond'>,
): Promise<MoveTask> => {
  const source = await inspectOrThrow(queues, sourceArn, 'SourceArn');
  if (source.sources.length === 0) {
    throw new AwsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
  }
  if (destinationArn !== null) await inspectOrThrow(queues, destinationArn, 'DestinationArn');
  if (tasks.some((task) => task.sourceArn === sourceArn && task.status === 'RUNNING')) {
    throw new AwsError('InvalidParameterValue', `There is already a task running. ${ONE_TASK}`);
  }
  const handle = Buffer.from(JSON.stringify({ taskId: newId(), sourceArn })).toString('base64');
  const progress = { status: 'RUNNING', failure: null, moved: 0, toMove: source.messages } as const;
  return { handle, sourceArn, destinationArn, perSecond, ...progress, startedAt: now() };
};

/** Creates SQS's message-move tasks, which send dead-letter messages back at a rate. */
export const createMoveTasks = (deps: Deps): MoveTasks => {
  const tasks: MoveTask[] = [];
  const inProgress = new Set<Promise<void>>();
  let ending = false;

  const fail = (task: MoveTask, error: unknown): void => {
    task.status = 'FAILED';
    task.failure = errorText(error);
    deps.log(`moving messages from ${task.sourceArn} failed: ${task.failure}`);
  };

  return {
    start: async (sourceArn, destinationArn, perSecond) => {
      const task = await newTask(deps, tasks, { sourceArn, destinationArn, perSecond });
      tasks.unshift(task);
      const pause = deps.pause ?? ((ms) => sleep(ms));
      const work = runMoveTask(task, { ...deps, pause }, () => ending).catch((error: unknown) => fail(task, error));
      inProgress.add(work);
      void work.then(() => inProgress.delete(work));
      return task;
    },
    list: (sourceArn, max) => tasks.filter((task) => task.sourceArn === sourceArn).slice(0, max),
    cancel: (handle) => {
      const task = tasks.find((known) => known.handle === handle);
      if (!task) throw new AwsError('ResourceNotFoundException', 'Task does not exist.');
      if (task.status !== 'RUNNING') {
        throw new AwsError('UnsupportedOperation', `Only active tasks can be cancelled; this one is ${task.status}.`);
      }
      task.status = 'CANCELLING';
      return task;
    },
    end: async () => {
      ending = true;
      await Promise.all(inProgress);
    },
  };
};
