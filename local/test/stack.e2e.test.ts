import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  BatchStopJobRunCommand,
  GetJobRunCommand,
  GetJobRunsCommand,
  GlueClient,
  type JobRun,
  StartJobRunCommand,
} from '@aws-sdk/client-glue';
import {
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { processesNaming } from '@music-etl/testing/processes';
import { until } from '@music-etl/testing/until';
import { type Clients, connect } from '../src/clients.ts';
import { REGION, ROOT_CREDENTIALS } from '../src/environment.ts';
import { type LocalStack, startStack } from '../src/index.ts';
import { deploy, JOB, QUEUE } from './support/deployment.ts';

const ARN = `arn:aws:sqs:${REGION}:000000000000:`;
const FINAL = ['SUCCEEDED', 'FAILED', 'TIMEOUT', 'STOPPED'];

let stateDir = '';
let localStack: LocalStack;
let clients: Clients;
let outputs: Record<string, string>;

beforeAll(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'stack-e2e-'));
  // Here a minute of a job's timeout lasts two seconds.
  localStack = await startStack({ stateDir, glueMinuteMs: 2_000 });
  clients = connect(localStack.endpoint);
  outputs = await deploy(localStack.endpoint);
}, 60_000);

afterAll(async () => {
  clients?.close();
  await localStack?.stop();
  const left = processesNaming(stateDir);
  rmSync(stateDir, { recursive: true, force: true });
  expect(left).toEqual([]);
}, 30_000);

const start = async (what: string, more: { Timeout?: number } = {}): Promise<string> => {
  const { JobRunId = '' } = await clients.glue.send(
    new StartJobRunCommand({ JobName: JOB, Arguments: { '--do': what }, ...more }),
  );
  return JobRunId;
};

const runOf = async (RunId: string): Promise<JobRun> => {
  const { JobRun } = await clients.glue.send(new GetJobRunCommand({ JobName: JOB, RunId }));
  if (!JobRun) throw new Error(`no run ${RunId}`);
  return JobRun;
};

const ended = (runId: string): Promise<JobRun> =>
  until(async () => {
    const run = await runOf(runId);
    return FINAL.includes(run.JobRunState ?? '') ? run : null;
  });

const queueUrl = async (QueueName: string): Promise<string> => {
  const { QueueUrl = '' } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName }));
  return QueueUrl;
};

const receive = async (name: string, matches: (message: Message) => boolean = () => true): Promise<Message> => {
  const QueueUrl = await queueUrl(name);
  return until(async () => {
    const MessageAttributeNames = ['All'];
    const { Messages = [] } = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1, MaxNumberOfMessages: 10, MessageAttributeNames }),
    );
    return Messages.find(matches);
  });
};

const logged = (logGroupName: string, logStreamName: string): Promise<string[]> => {
  const { logs } = clients.asRole({ ...ROOT_CREDENTIALS, sessionToken: '' });
  return until(async () => {
    const command = new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true });
    const page = await logs.send(command).catch(() => null);
    return page?.events?.length ? page.events.map(({ message = '' }) => message) : null;
  });
};

const asRole = async (RoleArn: string | undefined): Promise<GlueClient> => {
  const { Credentials: session } = await clients.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = session ?? {};
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  return new GlueClient({ endpoint: localStack.endpoint, region: REGION, credentials });
};

describe('a job run', () => {
  it('runs the deployed script with its role, logs to CloudWatch and triggers the function by an event', async () => {
    const runId = await start('work');
    const run = await ended(runId);
    expect(run).toMatchObject({ JobRunState: 'SUCCEEDED', Arguments: { '--do': 'work' }, Attempt: 0, Timeout: 60 });
    expect(await logged('/aws-glue/jobs/output', runId)).toEqual(['hello from work']);
    const event = JSON.parse((await receive(QUEUE, ({ Body }) => Body?.includes(runId) === true)).Body ?? '');
    expect(event).toMatchObject({
      source: 'aws.glue',
      'detail-type': 'Glue Job State Change',
      account: '000000000000',
      region: REGION,
      detail: { jobName: JOB, state: 'SUCCEEDED', jobRunId: runId },
    });
  }, 30_000);

  it('has the permissions of its role, and no others', async () => {
    const run = await ended(await start('trespass'));
    expect(run.JobRunState).toBe('FAILED');
    expect(run.ErrorMessage).toMatch(/AccessDenied/);
  }, 30_000);

  it('fails with the last line of its error, and logs the traceback', async () => {
    const runId = await start('fail');
    expect(await ended(runId)).toMatchObject({ JobRunState: 'FAILED', ErrorMessage: 'ValueError: deliberate' });
    expect((await logged('/aws-glue/jobs/error', runId)).join('\n')).toMatch(/Traceback[\s\S]*deliberate/);
  }, 30_000);

  it('times out, is stopped, and is rejected at the concurrency limit', async () => {
    const [first, second] = [await start('sleep', { Timeout: 1 }), await start('sleep')];
    await expect(start('one too many')).rejects.toMatchObject({ name: 'ConcurrentRunsExceededException' });
    await until(async () => (await runOf(second)).JobRunState === 'RUNNING');
    const stop = { JobName: JOB, JobRunIds: [second, 'jr_unknown'] };
    const stopped = await clients.glue.send(new BatchStopJobRunCommand(stop));
    expect(stopped.SuccessfulSubmissions).toEqual([{ JobName: JOB, JobRunId: second }]);
    expect(stopped.Errors).toMatchObject([{ JobRunId: 'jr_unknown' }]);
    expect((await ended(second)).JobRunState).toBe('STOPPED');
    expect(await ended(first)).toMatchObject({ JobRunState: 'TIMEOUT' });
    const { JobRuns = [], NextToken } = await clients.glue.send(new GetJobRunsCommand({ JobName: JOB, MaxResults: 2 }));
    expect(JobRuns.map(({ Id }) => Id)).toEqual([second, first]);
    expect(NextToken).toBeDefined();
  }, 30_000);

  it('is started only by roles with the permission', async () => {
    const starter = await asRole(outputs.Starter);
    const { JobRunId = '' } = await starter.send(new StartJobRunCommand({ JobName: JOB }));
    const get = new GetJobRunCommand({ JobName: JOB, RunId: JobRunId });
    await expect(starter.send(get)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const stranger = await asRole(outputs.Stranger);
    const starting = new StartJobRunCommand({ JobName: JOB });
    await expect(stranger.send(starting)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await ended(JobRunId);
  }, 30_000);

  it('of an unknown job is rejected', async () => {
    const unknown = new StartJobRunCommand({ JobName: 'no_such_job' });
    await expect(clients.glue.send(unknown)).rejects.toMatchObject({ name: 'EntityNotFoundException' });
  });
});

describe('a queue', () => {
  it('gets its dead-letter messages back as new messages, with body and attributes', async () => {
    const [dlq, DestinationArn] = [`${QUEUE}-dlq`, `${ARN}${QUEUE}`];
    const MessageAttributes = { reason: { DataType: 'String', StringValue: 'tested' } };
    const QueueUrl = await queueUrl(dlq);
    expect(QueueUrl).toContain(localStack.endpoint);
    const sent = await clients.sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: 'dead letter', MessageAttributes }),
    );
    const SourceArn = ARN + dlq;
    await clients.sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
    const back = await receive(QUEUE, ({ Body }) => Body === 'dead letter');
    expect(back.MessageAttributes).toMatchObject(MessageAttributes);
    expect(back.MessageId).not.toBe(sent.MessageId);
    const task = await until(async () => {
      const { Results = [] } = await clients.sqs.send(new ListMessageMoveTasksCommand({ SourceArn }));
      return Results.find(({ Status }) => Status === 'COMPLETED');
    });
    expect(task.ApproximateNumberOfMessagesMoved).toBe(1);
  }, 30_000);

  it('that is no dead-letter queue has no move task', async () => {
    const start = new StartMessageMoveTaskCommand({ SourceArn: ARN + QUEUE });
    await expect(clients.sqs.send(start)).rejects.toThrow(/Dead Letter/);
  });
});
