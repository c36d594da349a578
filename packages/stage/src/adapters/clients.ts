import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';

/**
 * The clients of one function.
 * @param name goes into every request, so that CloudTrail (and the local gateway) can tell who asked.
 */
export const awsClients = (name: string | undefined) => {
  const client = { userAgentAppId: name };
  return {
    s3: new S3Client({ ...client, forcePathStyle: true }),
    // Local queue URLs name the emulator's own port; the endpoint is what the environment says.
    sqs: new SQSClient({ ...client, useQueueUrlAsEndpoint: false }),
    // One try: the SDK repeating a StartJobRun whose answer was lost would begin a second run; the claim sees to it.
    glue: new GlueClient({ ...client, maxAttempts: 1 }),
    events: new EventBridgeClient(client),
  };
};

export type AwsClients = ReturnType<typeof awsClients>;
