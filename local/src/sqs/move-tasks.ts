import { setTimeout as sleep } from 'node:timers/promises';
import { AwsError } from '../gateway/aws-json.ts';

/** A received message, with what a new one has to keep of it. */
export type DeadLetter = {
  receipt: string;
  /** The queue it died in; absent when it was sent to the dead-letter queue directly. */
  sourceArn: string | null;
  copy: Record<string, unknown>;
};

/** The queues as move tasks see them; an adapter speaks to the emulator. */
export type Queues = {
  /** Null: no such queue. */
  inspect: (arn: string) => Promise<{ messages: number; feeders: readonly string[] } | null>;
  receive: (arn: string, max: number) => Promise<readonly DeadLetter[]>;
  send: (arn: string, letter: DeadLetter) => Promise<void>;
  remove: (arn: string, letter: DeadLetter) => Promise<void>;
};

export type TaskStatus = 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
export type MoveTask = {
  handle: string;
  sourceArn: string;
  destinationArn: string | null;
  perSecond: number | null;
  status: TaskStatus;
  failure: string | null;
  moved: number;
  toMove: number;
  startedAt: number;
};

export type MoveTasks = {
  start: (sourceArn: string, destinationArn: string | null, perSecond: number | null) => Promise<MoveTask>;
  /** Newest first. */
  list: (sourceArn: string, max: number) => readonly MoveTask[];
  cancel: (handle: string) => MoveTask;
  end: () => Promise<void>;
};

/** SQS's own limit, and what it moves at where no rate is given. */
export const MAX_PER_SECOND = 500;
const BATCH = 10;

type Deps = {
  queues: Queues;
  now: () => number;
  newId: () => string;
  log: (line: string) => void;
  pause?: (ms: number) => Promise<void>;
};

/** Moves dead letters back at a rate, each sent before it is deleted: a broken task repeats a message, never loses one. */
export const createMoveTasks = ({ queues, now, newId, log, pause = (ms) => sleep(ms) }: Deps): MoveTasks => {
  const tasks: MoveTask[] = [];
  const underWay = new Set<Promise<void>>();
  let ending = false;

  const moveOne = async (task: MoveTask, letter: DeadLetter): Promise<void> => {
    const to = task.destinationArn ?? letter.sourceArn;
    if (to === null) throw new Error('CouldNotDetermineMessageSource');
    await queues.send(to, letter);
    await queues.remove(task.sourceArn, letter);
    task.moved += 1;
  };

  /** One batch at the task's rate; false when there is nothing more. */
  const moveBatch = async (task: MoveTask): Promise<boolean> => {
    const perSecond = task.perSecond ?? MAX_PER_SECOND;
    const letters = await queues.receive(task.sourceArn, Math.min(BATCH, perSecond, task.toMove - task.moved));
    const began = now();
    for (const letter of letters) await moveOne(task, letter);
    await pause(Math.max(0, (letters.length * 1_000) / perSecond - (now() - began)));
    return letters.length > 0;
  };

  const run = async (task: MoveTask): Promise<void> => {
    const goesOn = (): boolean => task.status === 'RUNNING' && task.moved < task.toMove && !ending;
    while (goesOn() && (await moveBatch(task)));
    task.status = task.status === 'CANCELLING' || ending ? 'CANCELLED' : 'COMPLETED';
  };

  const fail = (task: MoveTask, error: unknown): void => {
    task.status = 'FAILED';
    task.failure = error instanceof Error ? error.message : String(error);
    log(`moving messages from ${task.sourceArn} failed: ${task.failure}`);
  };

  const existing = async (arn: string, what: string) => {
    const queue = await queues.inspect(arn);
    if (queue === null)
      throw new AwsError(
        'ResourceNotFoundException',
        `The resource that you specified for the ${what} parameter doesn't exist.`,
      );
    return queue;
  };

  return {
    start: async (sourceArn, destinationArn, perSecond) => {
      const source = await existing(sourceArn, 'SourceArn');
      if (source.feeders.length === 0) {
        throw new AwsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
      }
      if (destinationArn !== null) await existing(destinationArn, 'DestinationArn');
      if (tasks.some((task) => task.sourceArn === sourceArn && task.status === 'RUNNING')) {
        throw new AwsError(
          'InvalidParameterValue',
          'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
        );
      }
      const handle = Buffer.from(JSON.stringify({ taskId: newId(), sourceArn })).toString('base64');
      const progress = {
        status: 'RUNNING',
        failure: null,
        moved: 0,
        toMove: source.messages,
        startedAt: now(),
      } as const;
      const task: MoveTask = { handle, sourceArn, destinationArn, perSecond, ...progress };
      tasks.unshift(task);
      const work = run(task).catch((error: unknown) => fail(task, error));
      underWay.add(work);
      void work.then(() => underWay.delete(work));
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
      await Promise.all(underWay);
    },
  };
};
