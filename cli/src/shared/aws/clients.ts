import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Target } from '../target.ts';

export interface Clients {
  s3: S3Client;
  dynamodb: DynamoDBClient;
  sqs: SQSClient;
  glue: GlueClient;
}

/** Connects to a target, with the credentials in its environment if there are any, else those that the SDK finds. */
export const connect = ({ endpoint, region, env }: Target): Clients => {
  const accessKeyId = env.AWS_ACCESS_KEY_ID;
  const secretAccessKey = env.AWS_SECRET_ACCESS_KEY;
  const sessionToken = env.AWS_SESSION_TOKEN;
  const credentials =
    accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } }
      : {};
  const config = { region, ...credentials, ...(endpoint ? { endpoint } : {}) };
  return {
    s3: new S3Client({
      ...config,
      forcePathStyle: endpoint !== null,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    }),
    dynamodb: new DynamoDBClient(config),
    glue: new GlueClient(config),
    sqs: new SQSClient({ ...config, useQueueUrlAsEndpoint: endpoint === null }),
  };
};

/** Connects to a target for as long as `work` takes. */
export const withClients = async <T>(target: Target, work: (clients: Clients) => Promise<T>): Promise<T> => {
  const clients = connect(target);
  try {
    return await work(clients);
  } finally {
    disconnect(clients);
  }
};

export const disconnect = (clients: Clients): void => {
  for (const client of Object.values(clients)) client.destroy();
};
