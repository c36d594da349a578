import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GlueClient } from '@aws-sdk/client-glue';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { REGION, ROOT_CREDENTIALS } from './environment.ts';

export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken: string };

/** What the local stack itself calls, as the account's root: what AWS's own services do on their side. */
export type Clients = {
  events: EventBridgeClient;
  formation: CloudFormationClient;
  glue: GlueClient;
  lambda: LambdaClient;
  s3: S3Client;
  sqs: SQSClient;
  sts: STSClient;
  /** Clients of a role's session. */
  asRole: (credentials: Credentials) => { s3: S3Client; logs: CloudWatchLogsClient };
  close: () => void;
};

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
  // One pool of connections for all sessions.
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
