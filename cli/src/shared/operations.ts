import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { ERASURE_JOB } from '@music-etl/contracts';
import { s3Documents } from '@music-etl/stage/s3-documents';
import { deleteForGood } from '../erasure/delete-versions.ts';
import { glueErasure } from '../erasure/glue-erasure.ts';
import type { ForgetDeps } from '../erasure/ports.ts';
import { type Clients, connect, disconnect } from './aws/clients.ts';
import { S3Objects } from './aws/s3-objects.ts';
import { SqsQueues } from './aws/sqs-queues.ts';
import { sqsSend } from './aws/sqs-send.ts';
import { confirm } from './confirm.ts';
import type { OperationDeps } from './operation-ports.ts';
import { Observer } from './pipeline/observer.ts';
import type { Screen } from './ports.ts';
import { realClock } from './reach.ts';
import type { Target } from './target.ts';

/** Who runs this command, for the documents. */
export const currentUser = (): string => {
  try {
    return userInfo().username;
  } catch {
    // A container may have no name for its user.
    return process.env.USER ?? 'unknown';
  }
};

const operationDeps = (clients: Clients, { bucket }: Target, screen: Screen): OperationDeps => ({
  documents: s3Documents(clients.s3, bucket),
  objects: new S3Objects(clients.s3, bucket),
  send: sqsSend(clients.sqs),
  screen,
  clock: realClock,
  chance: () => randomBytes(4).toString('hex'),
  requestedBy: currentUser(),
});

/** Reaches a target with what `forget-user` needs: the Glue job and the queues of the deployment with this suffix. */
export const withErasure = async <T>(
  target: Target,
  screen: Screen,
  suffix: string,
  work: (deps: ForgetDeps) => Promise<T>,
): Promise<T> => {
  const clients = connect(target);
  const observer = new Observer(
    new S3Objects(clients.s3, target.bucket),
    new SqsQueues(clients.sqs, suffix),
    realClock,
  );
  try {
    return await work({
      ...operationDeps(clients, target, screen),
      job: glueErasure(clients.glue, ERASURE_JOB + suffix),
      look: () => observer.look(),
      deleteForGood: (key) => deleteForGood(clients.s3, target.bucket, key),
      confirm,
    });
  } finally {
    disconnect(clients);
  }
};

/** Reaches a target with what the commands need that change something there, and lets go of it afterwards. */
export const withOperations = async <T>(
  target: Target,
  screen: Screen,
  work: (deps: OperationDeps) => Promise<T>,
): Promise<T> => {
  const clients = connect(target);
  try {
    return await work(operationDeps(clients, target, screen));
  } finally {
    disconnect(clients);
  }
};
