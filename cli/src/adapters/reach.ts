import type { ExportSummary } from '../app/export.ts';
import { exportAll } from '../app/export.ts';
import { Observer } from '../app/observer.ts';
import type { SendMessage } from '../app/operation-ports.ts';
import type { Clock, DeadLetterQueues, KpiTable, Screen } from '../app/ports.ts';
import type { Reach } from '../app/run.ts';
import type { DateRange } from '../domain/dates.ts';
import type { Place } from '../domain/place.ts';
import { connect, disconnect } from './clients.ts';
import { DynamoKpiTable } from './dynamodb-table.ts';
import { ExportDirectory } from './export-directory.ts';
import { S3Objects } from './s3-objects.ts';
import { SqsDeadLetters } from './sqs-dead-letters.ts';
import { SqsQueues } from './sqs-queues.ts';
import { sqsSend } from './sqs-send.ts';

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** A place with everything the commands do to it. */
export interface Reached extends Reach {
  place: Place;
  table: KpiTable;
  deadLetters: DeadLetterQueues;
  send: SendMessage;
  exportTo(out: string, range?: DateRange): Promise<ExportSummary>;
}

/** @param suffix the deployment whose queues are looked at; without one those of all are */
export const reachPlace = (place: Place, screen: Screen, suffix?: string): Reached => {
  const clients = connect(place);
  const objects = new S3Objects(clients.s3, place.bucket);
  const table = new DynamoKpiTable(clients.dynamodb, place.table);
  const queues = new SqsQueues(clients.sqs, suffix);
  const observer = new Observer(objects, queues, realClock);
  return {
    place,
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
