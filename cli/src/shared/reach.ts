import type { ExportSummary } from '../export/export.ts';
import { exportAll } from '../export/export.ts';
import { ExportDirectory } from '../export/export-directory.ts';
import { SqsDeadLetters } from '../redrive/sqs-dead-letters.ts';
import type { Reach } from '../run/run.ts';
import { Observer } from '../status/observer.ts';
import { connect, disconnect } from './clients.ts';
import type { DateRange } from './dates.ts';
import { DynamoKpiTable } from './dynamodb-table.ts';
import type { SendMessage } from './operation-ports.ts';
import type { Clock, DeadLetterQueues, KpiTable, Screen } from './ports.ts';
import { S3Objects } from './s3-objects.ts';
import { SqsQueues } from './sqs-queues.ts';
import { sqsSend } from './sqs-send.ts';
import type { Target } from './target.ts';

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** A target with everything the commands do to it. */
export interface Reached extends Reach {
  target: Target;
  table: KpiTable;
  deadLetters: DeadLetterQueues;
  send: SendMessage;
  exportTo(out: string, range?: DateRange): Promise<ExportSummary>;
}

/** @param suffix the deployment whose queues are looked at; without one those of all are */
export const reachTarget = (target: Target, screen: Screen, suffix?: string): Reached => {
  const clients = connect(target);
  const objects = new S3Objects(clients.s3, target.bucket);
  const table = new DynamoKpiTable(clients.dynamodb, target.table);
  const queues = new SqsQueues(clients.sqs, suffix);
  const observer = new Observer(objects, queues, realClock);
  return {
    target,
    objects,
    table,
    queues,
    deadLetters: new SqsDeadLetters(clients.sqs),
    send: sqsSend(clients.sqs),
    look: () => observer.look(),
    exportTo: (out, range = { from: null, to: null }) =>
      exportAll({ objects, table, screen, begin: (path) => ExportDirectory.begin(path) }, out, range),
    close: () => disconnect(clients),
  };
};
