import type { ExportSummary } from '../export/export.ts';
import { exportAll } from '../export/export.ts';
import { ExportDirectory } from '../export/export-directory.ts';
import type { Reach } from '../run/run.ts';
import { connect, disconnect } from './aws/clients.ts';
import { DynamoKpiTable } from './aws/dynamodb-table.ts';
import { S3Objects } from './aws/s3-objects.ts';
import { SqsQueues } from './aws/sqs-queues.ts';
import { sqsSend } from './aws/sqs-send.ts';
import type { DateRange } from './dates.ts';
import type { SendMessage } from './operation-ports.ts';
import { Observer } from './pipeline/observer.ts';
import type { Clock, KpiTable, Screen } from './ports.ts';
import type { Target } from './target.ts';

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** A target with everything the commands do to it. */
export interface Reached extends Reach {
  target: Target;
  table: KpiTable;
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
    send: sqsSend(clients.sqs),
    look: () => observer.look(),
    exportTo: (out, range = { from: null, to: null }) =>
      exportAll({ objects, table, screen, begin: (path) => ExportDirectory.begin(path) }, out, range),
    close: () => disconnect(clients),
  };
};
