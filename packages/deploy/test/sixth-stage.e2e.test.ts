import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { aKpiResult, NOW } from '@music-etl/testing';
import { type PackagedService, packageService, propertiesOf } from './package-service.ts';
import { runTests } from './repository-copy.ts';
import { copyWithSixthStage } from './sixth-stage.ts';
import { metricsOfGraphs } from './watched-metrics.ts';

// docs/extend.md: a sixth stage is one entry in the list of stages, one service folder and one job.
let root = '';
const packaged = new Map<string, PackagedService>();
beforeAll(async () => {
  root = copyWithSixthStage();
  for (const service of ['enrich', 'kpi', 'load', 'archive', 'ingest'])
    packaged.set(service, await packageService(service, root));
}, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const properties = (service: string, id: string) => propertiesOf(packaged.get(service)?.resources ?? [], id);
const nextQueueOf = (service: string): string => {
  const { Variables } = Object(properties(service, 'CompleteLambdaFunction').Environment);
  return JSON.stringify(Variables.NEXT_QUEUE_URL);
};

test('the sixth stage has its own queue, job, role and alarms', () => {
  expect(properties('enrich', 'Queue').QueueName).toBe('music-streaming-enrich');
  expect(properties('enrich', 'Job')).toMatchObject({
    Name: 'music_streaming_enrichment',
    NumberOfWorkers: 2,
    Command: { ScriptLocation: expect.stringMatching(/\/jobs\/enrich_job\.py$/) },
  });
  expect(properties('enrich', 'JobRole').RoleName).toBe('AWSGlueServiceRole-MusicStreamingEnrich');
  expect(properties('enrich', 'StuckRunAlarm').AlarmName).toBe('music-streaming-enrich-stuck-run-test');
});

test('its neighbours send to it and read from it', () => {
  expect(nextQueueOf('kpi')).toContain('/music-streaming-enrich"');
  expect(nextQueueOf('enrich')).toContain('/music-streaming-load"');
  expect(JSON.stringify(properties('enrich', 'JobRole'))).toContain('/processed/runs/*/kpi/result.json');
  for (const reader of ['load', 'archive']) {
    expect(JSON.stringify(properties(reader, 'JobRole'))).toContain('/processed/runs/*/enrich/result.json');
  }
});

test('the dashboard shows it', () => {
  const services = metricsOfGraphs(properties('ingest', 'Dashboard').DashboardBody).map(
    ({ dimensions }) => dimensions.service,
  );
  expect(services).toContain('music-streaming-enrich');
});

test('its result is followed by the request to the next stage', () => {
  const script = `
    import { definition } from './services/enrich/src/domain/definition.ts';
    console.log(JSON.stringify(definition.next(${JSON.stringify(aKpiResult())}, new Date(${NOW.getTime()}))));`;
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
  const sent = execFileSync(process.execPath, [tsx, '--eval', script], { cwd: root, encoding: 'utf8' });
  expect(JSON.parse(sent)).toMatchObject([{ kind: 'request', message: { type: 'load.requested' } }]);
});

test("the project's own tests of stages pass with it", () => {
  runTests(root, ['packages/(contracts|deploy)/', 'services/']);
}, 240_000);
