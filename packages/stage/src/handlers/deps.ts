import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { type AwsClients, awsClients } from '../adapters/clients.ts';
import { emfMeter } from '../adapters/emf-meter.ts';
import { glueJobs } from '../adapters/glue-jobs.ts';
import { sendOutbox, sendToDlq } from '../adapters/outbox.ts';
import { s3Documents } from '../adapters/s3-documents.ts';
import type { StageDeps } from '../app/stage.ts';
import type { StageDefinition } from '../domain/definition.ts';
import { serviceName } from '../domain/measurement.ts';
import type { SendToDlq, World } from '../domain/ports.ts';
import { parseEnvironment, StageEnvironment } from './environment.ts';

/** What a stage's functions need. */
export interface HandlerDeps extends StageDeps {
  readonly sendToDlq: SendToDlq;
  readonly log: Logger;
}

/** The same, with what a service needs to build its own adapters. */
export interface LambdaDeps extends HandlerDeps {
  readonly bucket: string;
  readonly s3: AwsClients['s3'];
}

const world: World = {
  now: () => new Date(),
  id: () => randomBytes(4).toString('hex'),
  random: Math.random,
};

/** Builds everything that a stage's functions need. Called once per cold start. */
export const lambdaDeps = (definition: StageDefinition): LambdaDeps => {
  const env = parseEnvironment(StageEnvironment, process.env);
  const { s3, sqs, glue, events } = awsClients(process.env.AWS_LAMBDA_FUNCTION_NAME);
  return {
    definition,
    world,
    s3,
    bucket: env.BUCKET,
    log: new Logger({ serviceName: serviceName(definition.stage) }),
    meter: emfMeter(definition.stage, env.ENVIRONMENT),
    documents: s3Documents(s3, env.BUCKET),
    jobs: glueJobs(glue, env.JOB_NAME),
    sendToDlq: sendToDlq(sqs, env.DEAD_LETTER_QUEUE_URL),
    send: sendOutbox(sqs, events, {
      stage: definition.stage,
      queueUrl: env.QUEUE_URL,
      deadLetterQueueUrl: env.DEAD_LETTER_QUEUE_URL,
      nextQueueUrl: env.NEXT_QUEUE_URL === '' ? null : env.NEXT_QUEUE_URL,
    }),
    limits: {
      leaseSeconds: env.LEASE_SECONDS,
      maxFailures: env.MAX_FAILURES,
      backoffBaseSeconds: env.BACKOFF_BASE_SECONDS,
      backoffMaxSeconds: env.BACKOFF_MAX_SECONDS,
      maxDeferralSeconds: env.MAX_DEFERRAL_SECONDS,
      silenceSeconds: env.SILENCE_SECONDS,
    },
  };
};
