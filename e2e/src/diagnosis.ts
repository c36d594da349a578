import { readFile } from 'node:fs/promises';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetJobRunsCommand } from '@aws-sdk/client-glue';
import { GLUE_JOBS, STAGES, type Stage } from '@music-etl/contracts';
import { functionNames } from './settings.ts';
import type { World } from './world.ts';

const RECENT_MS = 90_000;
const SHOWN = 8;
const TERMINAL = ['archived', 'held', 'rejected', 'superseded'];

const section = async (title: string, lines: () => Promise<string[]>): Promise<string[]> => {
  try {
    const found = await lines();
    return found.length === 0 ? [] : [`— ${title}`, ...found.map((line) => `  ${line}`)];
  } catch (error) {
    return [`— ${title}: not available: ${error instanceof Error ? error.message : String(error)}`];
  }
};

const files = async (world: World): Promise<string[]> =>
  (await world.reached.look()).files.flatMap(({ key, versions }) =>
    versions.some(({ state }) => !TERMINAL.includes(state))
      ? versions.map(
          ({ version, version_id, state, run_id, repeats }) =>
            `${key} version ${version} (${version_id}): ${state}, run ${run_id}, repeats ${repeats}`,
        )
      : [],
  );

const stages = async (world: World): Promise<string[]> => {
  const { runs, active } = await world.reached.look();
  return active.map(({ stage, run_id }) => {
    const found = runs.get(run_id)?.stages[stage];
    if (!found) return `${stage} of run ${run_id}: no claim`;
    const { state, attempt, job_run_id, job_state, error, outbox, sent } = found;
    const seen = { state, attempt, job_run_id, job_state, error, outbox, sent };
    return `${stage} of run ${run_id}: ${JSON.stringify(seen)}`;
  });
};

const queues = async (world: World): Promise<string[]> => {
  const all = await world.reached.queues.look();
  const messages = await world.reached.queues.deadLetterMessages(all);
  const deadLetters = messages.map((message) => `dead-letter message ${JSON.stringify(message)}`);
  const filled = all.filter(({ visible, in_flight, delayed }) => visible + in_flight + delayed > 0);
  return [...filled.map((queue) => JSON.stringify(queue)), ...deadLetters];
};

const jobs = async (world: World, stage: Stage): Promise<string[]> => {
  const { JobRuns = [] } = await world.glue.send(
    new GetJobRunsCommand({ JobName: GLUE_JOBS[stage], MaxResults: SHOWN }),
  );
  const recent = JobRuns.filter(({ StartedOn }) => (StartedOn?.getTime() ?? 0) > Date.now() - RECENT_MS);
  return recent
    .filter(({ JobRunState }) => JobRunState !== 'SUCCEEDED')
    .map(({ JobRunState, Arguments, ErrorMessage }) => JSON.stringify({ stage, JobRunState, Arguments, ErrorMessage }));
};

const functionLog = async (world: World, name: string): Promise<string[]> => {
  const logGroupName = `/aws/lambda/${name}`;
  const startTime = Date.now() - RECENT_MS;
  const { events = [] } = await world.logs.send(new FilterLogEventsCommand({ logGroupName, startTime }));
  return events
    .flatMap(({ message = '' }) => message.split('\n'))
    .filter((line) => /"level":"(WARN|ERROR)"|Error|Task timed out/.test(line))
    .slice(-SHOWN)
    .map((line) => `${name}: ${line.slice(0, 600)}`);
};

const stackLog = async (world: World): Promise<string[]> =>
  (await readFile(world.logFile, 'utf8')).trimEnd().split('\n').slice(-SHOWN);

/** Describes what is in progress, what has failed, and the log lines about it. Shown when a test's wait times out. */
export const diagnose = async (world: World): Promise<string> => {
  const parts = [
    section('files in progress', () => files(world)),
    section('active stages', () => stages(world)),
    section('queues', () => queues(world)),
    ...STAGES.map((stage) => section(`Glue runs of ${stage}`, () => jobs(world, stage))),
    ...functionNames().map((name) => section(`log of ${name}`, () => functionLog(world, name))),
    section(`end of ${world.logFile}`, () => stackLog(world)),
    section('requests denied', async () => world.watcher.denials.slice(-SHOWN).map((denial) => JSON.stringify(denial))),
  ];
  return (await Promise.all(parts)).flat().join('\n');
};
