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
    glue: new GlueClient(client),
    events: new EventBridgeClient(client),
  };
};

export type AwsClients = ReturnType<typeof awsClients>;
