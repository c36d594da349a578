import { connect, disconnect } from './aws/clients.ts';
import { DynamoKpiTable } from './aws/dynamodb-table.ts';
import { S3Objects } from './aws/s3-objects.ts';
import { SqsQueues } from './aws/sqs-queues.ts';
import { sqsSend } from './aws/sqs-send.ts';
import { realClock } from './clock.ts';
import { Observer } from './pipeline/observer.ts';
import type { Snapshot } from './pipeline/snapshot.ts';
import type { KpiTable, Objects, Queues, SendMessage } from './ports.ts';
import type { Target } from './target.ts';
import { type TargetOptions, targetOf } from './target-options.ts';

/** A target with open connections. */
export interface Reached {
  target: Target;
  objects: Objects;
  table: KpiTable;
  queues: Queues;
  send: SendMessage;
  /** Takes a snapshot of the pipeline; reads only what changed since the last one. */
  look(): Promise<Snapshot>;
  close(): void;
}

/** Connects to a target. @param suffix the deployment whose queues are looked at; without one those of all */
export const reachTarget = (target: Target, suffix?: string): Reached => {
  const clients = connect(target);
  const objects = new S3Objects(clients.s3, target.bucket);
  const queues = new SqsQueues(clients.sqs, suffix);
  const observer = new Observer(objects, queues, realClock);
  return {
    target,
    objects,
    table: new DynamoKpiTable(clients.dynamodb, target.table),
    queues,
    send: sqsSend(clients.sqs),
    look: () => observer.look(),
    close: () => disconnect(clients),
  };
};

/** Connects to the target that options and environment name, for as long as `work` takes. */
export const withTarget = async <T>(options: TargetOptions, work: (reached: Reached) => Promise<T>): Promise<T> => {
  const reached = reachTarget(await targetOf(options), options.suffix);
  try {
    return await work(reached);
  } finally {
    reached.close();
  }
};
