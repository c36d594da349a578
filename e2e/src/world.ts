import { createWriteStream, mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GlueClient } from '@aws-sdk/client-glue';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DEFAULT_BUCKET } from '@music-etl/contracts';
import { type LocalStack, startStack } from '@music-etl/local';
import { type Reached, reachTarget } from '../../cli/src/shared/reach.ts';
import { chooseTarget } from '../../cli/src/shared/target.ts';
import { deployInto } from '../../cli/src/stack/deploy.ts';
import { EventGate } from './event-gate.ts';
import { disableSchedules, shortenWaits } from './settings.ts';
import { Watcher } from './watcher.ts';

export interface Clients {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly glue: GlueClient;
  readonly lambda: LambdaClient;
  readonly iam: IAMClient;
  readonly bus: EventBridgeClient;
  readonly dynamodb: DynamoDBClient;
  readonly logs: CloudWatchLogsClient;
  readonly cloudwatch: CloudWatchClient;
}

/** A version of an object that a test has put. */
export interface Put {
  readonly key: string;
  readonly body: Buffer;
  readonly versionId: string;
  readonly at: string;
}

/** The five services on a local stack of their own, and all that a test needs to drive and observe them. */
export interface World extends Clients {
  readonly dir: string;
  readonly bucket: string;
  readonly logFile: string;
  readonly watcher: Watcher;
  readonly events: EventGate;
  readonly reached: Reached;
  /** All that was put since the last reset, in order: the oracle's input. */
  readonly puts: Put[];
  /** The disabled schedules of the reconcilers. */
  readonly schedules: readonly string[];
  readonly log: (line: string) => void;
  readonly close: () => Promise<void>;
}

const LOGS = join(process.cwd(), 'node_modules', '.cache', 'music-etl-e2e');

const openLog = (): { logFile: string; log: (line: string) => void } => {
  mkdirSync(LOGS, { recursive: true });
  const logFile = join(LOGS, `${new Date().toISOString().replaceAll(':', '-')}.log`);
  const stream = createWriteStream(logFile);
  return { logFile, log: (line) => void stream.write(`${new Date().toISOString()} ${line}\n`) };
};

const connect = (localStack: LocalStack): Clients => {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_REGION: region = '' } = localStack.env;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  const common = { endpoint: localStack.endpoint, region, credentials };
  return {
    s3: new S3Client({ ...common, forcePathStyle: true }),
    sqs: new SQSClient({ ...common, useQueueUrlAsEndpoint: false }),
    glue: new GlueClient(common),
    lambda: new LambdaClient(common),
    iam: new IAMClient(common),
    bus: new EventBridgeClient(common),
    dynamodb: new DynamoDBClient(common),
    logs: new CloudWatchLogsClient(common),
    cloudwatch: new CloudWatchClient(common),
  };
};

/** Starts a local stack and deploys the five services to it. The caller must call `close`. */
export const openWorld = async (): Promise<World> => {
  const dir = mkdtempSync(join(tmpdir(), 'music-etl-e2e-'));
  const { logFile, log } = openLog();
  const events = new EventGate();
  const watcher = new Watcher('us-east-1');
  const stateDir = join(dir, 'stack');
  const localStack = await startStack({ stateDir, log, interceptors: [watcher.interceptor], wrapPublish: events.wrap });
  const clients = connect(localStack);
  const screen = { line: log, progress: () => {} };
  const reached = reachTarget(chooseTarget({}, localStack));
  const close = async (): Promise<void> => {
    reached.close();
    for (const client of Object.values(clients)) client.destroy();
    await localStack.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await deployInto(join(dir, 'deploy'))(localStack, screen);
    await shortenWaits(clients.lambda);
    const schedules = await disableSchedules(clients.bus);
    const more = { dir, bucket: DEFAULT_BUCKET, logFile, watcher, events, reached, schedules, puts: [], log, close };
    return { ...clients, ...more };
  } catch (error) {
    await close();
    throw error;
  }
};
