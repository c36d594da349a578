import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deadLetterQueueName, GLUE_JOBS, nextStage, queueName, STAGES, type Stage } from '@music-etl/contracts';
import { StageEnvironment } from '@music-etl/stage/handlers';
import { emittedBy, keptOf, nameOf, unknownOf, unseenOf } from './emitted-metrics.ts';
import { type PackagedService, packageService, propertiesOf, type Resource, statementsOf } from './package-service.ts';
import { metricOf, metricsOfGraphs, titlesOfGraphs } from './watched-metrics.ts';

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

const templates = new Map<Stage, PackagedService>();
beforeAll(async () => {
  for (const stage of STAGES) templates.set(stage, await packageService(stage));
}, 120_000);

const resourcesOf = (stage: Stage, type?: string): Resource[] =>
  (templates.get(stage)?.resources ?? []).filter((resource) => type === undefined || resource.type === type);
const properties = (stage: Stage, id: string) => propertiesOf(resourcesOf(stage), id);
const alarmsOf = (stage: Stage) => resourcesOf(stage, 'AWS::CloudWatch::Alarm').map((alarm) => alarm.properties);

/** Returns the resources that a role may read or write, by statement. */
const granted = (stage: Stage, sid: string): string =>
  JSON.stringify(
    statementsOf(resourcesOf(stage))
      .filter(({ Sid }) => Sid === sid)
      .map(({ Resource }) => Resource),
  );

describe.each(STAGES)('the template of %s', (stage) => {
  test('has one queue, and a dead-letter queue that keeps messages longer', () => {
    const [queue, deadLetterQueue] = [properties(stage, 'Queue'), properties(stage, 'DeadLetterQueue')];
    expect([queue.QueueName, deadLetterQueue.QueueName]).toEqual([queueName(stage), deadLetterQueueName(stage)]);
    expect(queue.RedrivePolicy).toMatchObject({ deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] } });
    expect(Number(deadLetterQueue.MessageRetentionPeriod)).toBeGreaterThan(Number(queue.MessageRetentionPeriod));
  });

  test('keeps a message invisible for six times the timeout of the function', () => {
    const timeout = Number(properties(stage, 'StartLambdaFunction').Timeout);
    expect(properties(stage, 'Queue').VisibilityTimeout).toBe(timeout * 6);
  });

  test('uses partial batch responses', () => {
    const [mapping] = resourcesOf(stage, 'AWS::Lambda::EventSourceMapping');
    expect(mapping?.properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
  });

  test('sends to the queue of the next stage, or to the event bus after the last', () => {
    const next = nextStage(stage);
    const { Variables } = Object(properties(stage, 'CompleteLambdaFunction').Environment);
    const url = JSON.stringify(Variables.NEXT_QUEUE_URL);
    if (next === null) expect(url).toBe('""');
    else expect(url).toContain(`/${queueName(next)}"`);
    const target = next === null ? ':event-bus/default"' : `:${queueName(next)}"`;
    expect(granted(stage, next === null ? 'AnnounceCompletedRuns' : 'RequestNextStage')).toContain(target);
  });

  test('lets its job read the result of the stage before it', () => {
    const before = STAGES[STAGES.indexOf(stage) - 1];
    expect(granted(stage, 'ReadInput')).toContain(before === undefined ? '*/run.json' : `*/${before}/result.json`);
  });

  test('has alarms for what goes wrong, on its own topic', () => {
    const alarms = alarmsOf(stage);
    const names = alarms.map(({ MetricName }) => MetricName);
    for (const watched of WATCHED_IN_EVERY_STAGE) expect(names).toContain(watched);
    expect(names.filter((name) => name === 'Errors')).toHaveLength(3);
    expect(names.filter((name) => name === 'Throttles')).toHaveLength(3);
    expect(resourcesOf(stage, 'AWS::SNS::Topic').map(({ id }) => id)).toEqual(['AlarmTopic']);
    for (const alarm of alarms) expect(alarm.AlarmActions).toEqual([{ Ref: 'AlarmTopic' }]);
  });

  test('names an entry of the runbook in every alarm', () => {
    const entries = [...readFileSync('docs/operate.md', 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title]) => title);
    for (const { AlarmDescription } of alarmsOf(stage)) {
      expect(entries).toContain(/docs\/operate\.md, "(.+)"\.$/.exec(String(AlarmDescription))?.[1]);
    }
  });

  test('watches only metrics that its functions emit or that AWS keeps', () => {
    const resources = resourcesOf(stage);
    const watched = alarmsOf(stage).map((alarm) => metricOf(alarm, resources, nameOf));
    expect(unknownOf(watched, [...emittedBy(stage, 'test'), ...keptOf(resources)])).toEqual([]);
  });

  test('gives its functions exactly the environment of their schema', () => {
    const expected = [...Object.keys(StageEnvironment.shape), ...(stage === 'ingest' ? INGEST_ONLY : [])].sort();
    for (const id of ['StartLambdaFunction', 'CompleteLambdaFunction', 'ReconcileLambdaFunction']) {
      const { Variables } = Object(properties(stage, id).Environment);
      expect(Object.keys(Object(Variables)).sort()).toEqual(expected);
    }
  });

  test('has one role per function and one for its job, without wildcard resources and actions', () => {
    const roles = resourcesOf(stage, 'AWS::IAM::Role').map(({ id }) => id);
    const expected = ['CompleteRole', 'JobRole', 'ReconcileRole', 'StartRole'];
    expect(roles.sort()).toEqual([...expected, ...(stage === 'archive' ? ['ErasureRole'] : [])].sort());
    expect(properties(stage, 'JobRole').RoleName).toMatch(/^AWSGlueServiceRole-MusicStreaming/);
    for (const { Sid, Effect, Action, Resource } of statementsOf(resourcesOf(stage))) {
      expect({ Sid, Effect }).toEqual({ Sid, Effect: 'Allow' });
      for (const action of [Action].flat()) expect(action).not.toContain('*');
      for (const resource of [Resource].flat()) expect(resource).not.toBe('*');
    }
  });

  test('runs its job with G.1X, two workers, 60 minutes and three concurrent runs', () => {
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

  test('gives its job the versions of the lock file', () => {
    const lock = readFileSync('glue-scripts/requirements.txt', 'utf8');
    const { DefaultArguments } = properties(stage, 'Job');
    const modules = String(Object(DefaultArguments)['--additional-python-modules']).split(',');
    for (const name of ['boto3', 'botocore', 'duckdb', 'zstandard']) {
      expect(modules.filter((module) => module.startsWith(`${name}==`) && lock.includes(`${module} `))).toHaveLength(1);
    }
  });
});

test('the dashboard shows every emitted metric, and no unknown one', () => {
  const dashboards = STAGES.flatMap((stage) => resourcesOf(stage, 'AWS::CloudWatch::Dashboard'));
  expect(dashboards).toHaveLength(1);
  const shown = metricsOfGraphs(dashboards[0]?.properties.DashboardBody);
  const known = STAGES.flatMap((stage) => [...emittedBy(stage, 'test'), ...keptOf(resourcesOf(stage))]);
  expect(unknownOf(shown, known)).toEqual([]);
  expect(unseenOf(shown, 'test')).toEqual([]);
});

test('the bucket is versioned, encrypted, private and logged, and its objects expire', () => {
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

test('cfn-lint finds nothing wrong in the templates', () => {
  const lint = join(process.cwd(), '.venv/bin/cfn-lint');
  expect(existsSync(lint)).toBe(true);
  const paths = [...templates.values()].map(({ path }) => path);
  // W3005: serverless names dependencies that a GetAtt already makes.
  execFileSync(lint, ['--regions', 'eu-central-1', '--ignore-checks', 'W3005', '--', ...paths], { stdio: 'pipe' });
});

describe('docs/operate.md', () => {
  const page = readFileSync('docs/operate.md', 'utf8').replaceAll(/\s+/g, ' ');

  test('counts the metrics and alarms that AWS bills', () => {
    const metrics = STAGES.flatMap((stage) => emittedBy(stage, 'test')).length;
    const alarms = STAGES.flatMap(alarmsOf).length;
    expect(page).toContain(`at most ${metrics} metrics and ${alarms} alarms`);
  });

  test('quotes graphs by their titles', () => {
    const [dashboard] = resourcesOf('ingest', 'AWS::CloudWatch::Dashboard');
    const titles = titlesOfGraphs(dashboard?.properties.DashboardBody);
    const named = [...page.matchAll(/graphs? ((?:"[^"]+"(?:, | and )?)+)/g)].map(([, names = '']) => names);
    const names = named.flatMap((text) => [...text.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name));
    expect(names).toContain('Stages, s');
    expect(names.filter((name) => !titles.includes(name))).toEqual([]);
  });
});
