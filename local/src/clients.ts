import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GlueClient } from '@aws-sdk/client-glue';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import type { Credentials } from './credentials.ts';
import { REGION, ROOT_CREDENTIALS } from './environment.ts';

/** Clients with root's credentials, for what AWS's own services do internally. */
export type Clients = {
  events: EventBridgeClient;
  formation: CloudFormationClient;
  glue: GlueClient;
  lambda: LambdaClient;
  s3: S3Client;
  sqs: SQSClient;
  sts: STSClient;
  /** Returns clients of a role's session. */
  asRole: (credentials: Credentials) => { s3: S3Client; logs: CloudWatchLogsClient };
  close: () => void;
};

/** Creates the clients of an endpoint: `const { sqs, close } = connect(localStack.endpoint)`. */
export const connect = (endpoint: string): Clients => {
  const common = { endpoint, region: REGION, maxAttempts: 5 };
  const root = { ...common, credentials: ROOT_CREDENTIALS };
  const clients = {
    events: new EventBridgeClient(root),
    formation: new CloudFormationClient(root),
    glue: new GlueClient(root),
    lambda: new LambdaClient(root),
    s3: new S3Client({ ...root, forcePathStyle: true }),
    sqs: new SQSClient({ ...root, useQueueUrlAsEndpoint: false }),
    sts: new STSClient(root),
  };
  // All sessions share one pool of connections.
  const { requestHandler } = clients.glue.config;
  return {
    ...clients,
    asRole: (credentials) => ({
      s3: new S3Client({ ...common, requestHandler, forcePathStyle: true, credentials }),
      logs: new CloudWatchLogsClient({ ...common, requestHandler, credentials }),
    }),
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
};
