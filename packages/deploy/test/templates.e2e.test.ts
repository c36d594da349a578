import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GLUE_JOBS, STAGES, type Stage } from '@music-etl/contracts';
import { StageEnvironment } from '../../stage/src/handlers/environment.ts';
import { packageService, type Resource, statementsOf } from './package-service.ts';
import { emittedBy, graphed, keptOf, unknownOf, unseenOf, watchedBy } from './watching.ts';

const WATCHED_IN_EVERY_STAGE = [
  'ApproximateNumberOfMessagesVisible',
  'ApproximateAgeOfOldestMessage',
  'Errors',
  'Throttles',
  'Invocations',
  'OldestActiveRunSeconds',
  'JobFailures',
];
const INGEST_ONLY = ['MAX_ACTIVE_RUNS', 'MAX_FILES_PER_RUN'];

const templates = new Map<Stage, { path: string; resources: Resource[] }>();
beforeAll(async () => {
  for (const stage of STAGES) templates.set(stage, await packageService(stage));
}, 120_000);

const resourcesOf = (stage: Stage, type?: string): Resource[] =>
  (templates.get(stage)?.resources ?? []).filter((resource) => type === undefined || resource.type === type);
const properties = (stage: Stage, id: string): Record<string, unknown> =>
  resourcesOf(stage).find((resource) => resource.id === id)?.properties ?? {};

describe.each(STAGES)('%s, as it is deployed', (stage) => {
  test('has one queue with a dead-letter queue that keeps letters longer than the queue', () => {
    const queue = properties(stage, 'Queue');
    expect(queue.QueueName).toBe(`music-streaming-${stage}`);
    expect(queue.RedrivePolicy).toMatchObject({ deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] } });
    const [kept, lettersKept] = [queue, properties(stage, 'DeadLetterQueue')].map((q) =>
      Number(q.MessageRetentionPeriod),
    );
    expect(lettersKept).toBeGreaterThan(kept ?? Number.POSITIVE_INFINITY);
  });

  test('keeps a message invisible for six times its function timeout', () => {
    const timeout = Number(properties(stage, 'StartLambdaFunction').Timeout);
    expect(properties(stage, 'Queue').VisibilityTimeout).toBe(timeout * 6);
  });

  test('answers batches partially', () => {
    const [mapping] = resourcesOf(stage, 'AWS::Lambda::EventSourceMapping');
    expect(mapping?.properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
  });

  test('calls somebody about what goes wrong, on its own topic', () => {
    const alarms = resourcesOf(stage, 'AWS::CloudWatch::Alarm').map(({ properties }) => properties);
    const names = alarms.map(({ MetricName }) => MetricName);
    for (const watched of WATCHED_IN_EVERY_STAGE) expect(names).toContain(watched);
    expect(names.filter((name) => name === 'Errors')).toHaveLength(3);
    expect(names.filter((name) => name === 'Throttles')).toHaveLength(3);
    expect(resourcesOf(stage, 'AWS::SNS::Topic').map(({ id }) => id)).toEqual(['AlarmTopic']);
    for (const alarm of alarms) expect(alarm.AlarmActions).toEqual([{ Ref: 'AlarmTopic' }]);
  });

  test('says in every alarm which entry of the runbook helps', () => {
    const entries = [...readFileSync('docs/operate.md', 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title]) => title);
    for (const { properties } of resourcesOf(stage, 'AWS::CloudWatch::Alarm')) {
      const named = /docs\/operate\.md, "(.+)"\.$/.exec(String(properties.AlarmDescription))?.[1];
      expect(entries).toContain(named);
    }
  });

  test('watches only what its functions emit or what AWS keeps of its resources', () => {
    const resources = resourcesOf(stage);
    const watched = resourcesOf(stage, 'AWS::CloudWatch::Alarm').map(({ properties }) =>
      watchedBy(properties, resources),
    );
    expect(unknownOf(watched, [...emittedBy(stage, 'test'), ...keptOf(resources)])).toEqual([]);
  });

  test('gives its functions exactly the environment their schema asks for', () => {
    const expected = [...Object.keys(StageEnvironment.shape), ...(stage === 'ingest' ? INGEST_ONLY : [])].sort();
    for (const id of ['StartLambdaFunction', 'CompleteLambdaFunction', 'ReconcileLambdaFunction']) {
      const environment = properties(stage, id).Environment;
      expect(environment).toHaveProperty('Variables');
      expect(Object.keys(Object(Object(environment).Variables)).sort()).toEqual(expected);
    }
  });

  test('has one role a function and one for its job, none with a wildcard resource or action', () => {
    const roles = resourcesOf(stage, 'AWS::IAM::Role').map(({ id }) => id);
    const further = stage === 'archive' ? ['ErasureRole'] : [];
    expect(roles.sort()).toEqual([...further, 'CompleteRole', 'JobRole', 'ReconcileRole', 'StartRole']);
    expect(properties(stage, 'JobRole').RoleName).toMatch(/^AWSGlueServiceRole-MusicStreaming/);
    for (const { Sid, Effect, Action, Resource } of statementsOf(resourcesOf(stage))) {
      expect({ Sid, Effect }).toEqual({ Sid, Effect: 'Allow' });
      for (const action of [Action].flat()) expect(action).not.toContain('*');
      for (const resource of [Resource].flat()) expect(resource).not.toBe('*');
    }
  });

  test('runs its job as designed: G.1X, two workers, 60 minutes, three at once', () => {
    expect(properties(stage, 'Job')).toMatchObject({
      Name: GLUE_JOBS[stage],
      GlueVersion: '5.1',
      WorkerType: 'G.1X',
      NumberOfWorkers: 2,
      Timeout: 60,
      ExecutionProperty: { MaxConcurrentRuns: 3 },
      MaxRetries: 0,
    });
  });
});

test('the dashboard shows only what there is, and everything that is emitted', () => {
  const dashboards = STAGES.flatMap((stage) => resourcesOf(stage, 'AWS::CloudWatch::Dashboard'));
  expect(dashboards).toHaveLength(1);
  const shown = graphed(dashboards[0]?.properties.DashboardBody);
  const known = STAGES.flatMap((stage) => [...emittedBy(stage, 'test'), ...keptOf(resourcesOf(stage))]);
  expect(unknownOf(shown, known)).toEqual([]);
  expect(unseenOf(shown, 'test')).toEqual([]);
});

test('a job gets from Glue the versions of the lock file', () => {
  const lock = readFileSync('glue-scripts/requirements.txt', 'utf8');
  for (const stage of STAGES) {
    const { DefaultArguments } = properties(stage, 'Job');
    const modules = String(Object(DefaultArguments)['--additional-python-modules']).split(',');
    for (const name of ['boto3', 'botocore', 'duckdb', 'zstandard']) {
      expect(modules.filter((module) => module.startsWith(`${name}==`) && lock.includes(`${module} `))).toHaveLength(1);
    }
  }
});

test('the bucket is versioned, encrypted, private, logged, and forgets on time', () => {
  const bucket = properties('ingest', 'Bucket');
  expect(bucket).toMatchObject({
    VersioningConfiguration: { Status: 'Enabled' },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    LoggingConfiguration: { DestinationBucketName: { Ref: 'AccessLogBucket' } },
  });
  expect(bucket.BucketEncryption).toBeDefined();
  expect(JSON.stringify(properties('ingest', 'BucketPolicy'))).toContain('aws:SecureTransport');
  expect(bucket.LifecycleConfiguration).toMatchObject({
    Rules: expect.arrayContaining([
      expect.objectContaining({ Prefix: 'streams/', ExpirationInDays: 30 }),
      expect.objectContaining({ Prefix: 'validated/', ExpirationInDays: 90 }),
      expect.objectContaining({ Prefix: 'kpis/', ExpirationInDays: 365 }),
      expect.objectContaining({ Prefix: 'archived/', ExpirationInDays: 2557 }),
    ]),
  });
});

test('the table is on demand, encrypted and recoverable to a point in time', () => {
  expect(properties('load', 'KpiTable')).toMatchObject({
    TableName: 'music_streaming_kpis',
    BillingMode: 'PAY_PER_REQUEST',
    SSESpecification: { SSEEnabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
});

test('cfn-lint finds nothing wrong in the five templates', () => {
  const lint = join(process.cwd(), '.venv/bin/cfn-lint');
  expect(existsSync(lint)).toBe(true);
  const paths = [...templates.values()].map(({ path }) => path);
  // W3005: serverless names dependencies that a GetAtt already makes.
  execFileSync(lint, ['--regions', 'eu-central-1', '--ignore-checks', 'W3005', '--', ...paths], { stdio: 'pipe' });
});
