import { ERASURE_JOB } from '@music-etl/contracts';
import { withClients } from '../shared/aws/clients.ts';
import { S3Objects } from '../shared/aws/s3-objects.ts';
import { SqsQueues } from '../shared/aws/sqs-queues.ts';
import { realClock } from '../shared/clock.ts';
import { operationDeps } from '../shared/operations.ts';
import { Observer } from '../shared/pipeline/observer.ts';
import type { Screen } from '../shared/ports.ts';
import type { Target } from '../shared/target.ts';
import { confirm } from './confirm.ts';
import { deleteForGood } from './delete-versions.ts';
import { glueErasureJob } from './glue-job.ts';
import type { ErasureDeps } from './ports.ts';

/** Connects to a target with what `forget-user` needs: the Glue job and the queues of the suffix's deployment. */
export const withErasure = <T>(
  target: Target,
  screen: Screen,
  suffix: string,
  work: (deps: ErasureDeps) => Promise<T>,
): Promise<T> =>
  withClients(target, (clients) => {
    const objects = new S3Objects(clients.s3, target.bucket);
    const observer = new Observer(objects, new SqsQueues(clients.sqs, suffix), realClock);
    return work({
      ...operationDeps(clients, target, screen),
      job: glueErasureJob(clients.glue, ERASURE_JOB + suffix),
      look: () => observer.look(),
      deleteForGood: (key) => deleteForGood(clients.s3, target.bucket, key),
      confirm,
    });
  });
