import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';

/**
 * Builds the clients of one function.
 * @param name the function's name. Every request contains it, so that CloudTrail and the local gateway see the caller.
 */
export const awsClients = (name: string | undefined) => {
  const client = { userAgentAppId: name };
  return {
    s3: new S3Client({ ...client, forcePathStyle: true }),
    // Local queue URLs contain the emulator's own port; requests must go to the endpoint of the environment.
    sqs: new SQSClient({ ...client, useQueueUrlAsEndpoint: false }),
    // One try: an SDK retry of a StartJobRun whose answer was lost would start a second Glue run. The claim retries.
    glue: new GlueClient({ ...client, maxAttempts: 1 }),
    events: new EventBridgeClient(client),
  };
};

export type AwsClients = ReturnType<typeof awsClients>;
