import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetJobRunCommand, GlueClient } from '@aws-sdk/client-glue';
import {
  FileDocument,
  fileId,
  fileKey,
  GLUE_JOBS,
  STAGES,
  type Stage,
  StageDocument,
  stageKey,
} from '@music-etl/contracts';
import type { Reached } from '../../cli/src/shared/reach.ts';

/** One file's way through one stage, in milliseconds since its upload. */
export interface Leg {
  stage: Stage;
  /** The function took the message and claimed the run. */
  claimed: number;
  /** Glue took the job run. */
  accepted: number;
  /** The job's own first log line. */
  began: number;
  /** Glue called the run SUCCEEDED. */
  ended: number;
  /** The stage is closed, what follows decided. */
  closed: number;
}

export interface Arrival {
  legs: Leg[];
  /** The header of the file's date is complete: its KPIs can be read. */
  inTable: number;
}

export interface LocalStack {
  reached: Reached;
  glue: GlueClient;
  logs: CloudWatchLogsClient;
}

const POLL_MS = 200;
const PATIENCE_MS = 120_000;
const OUTPUT = '/aws-glue/jobs/output';

export const reachStack = (reached: Reached, endpoint: string): LocalStack => {
  const { env, region } = reached.target;
  const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '' };
  const config = { endpoint, region, credentials };
  return { reached, glue: new GlueClient(config), logs: new CloudWatchLogsClient(config) };
};

const until = async <T>(what: string, look: () => Promise<T | null>): Promise<T> => {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`${what}: not within ${PATIENCE_MS / 1000} s`);
};

const read = async (localStack: LocalStack, key: string): Promise<unknown> => {
  const text = await localStack.reached.objects.read(key);
  return text === null ? null : JSON.parse(text);
};

const firstLine = async ({ logs }: LocalStack, jobRunId: string): Promise<number> => {
  const asked = { logGroupName: OUTPUT, logStreamNames: [jobRunId] };
  const { events = [] } = await logs.send(new FilterLogEventsCommand(asked));
  const times = events.flatMap(({ message = '' }) => /"time": "([^"]+)"/.exec(message)?.[1] ?? []);
  return Math.min(...times.map((time) => Date.parse(time)));
};

const legOf = async (localStack: LocalStack, runId: string, stage: Stage, put: number): Promise<Leg> => {
  const document = await until(`${stage} of ${runId} closes`, async () => {
    const parsed = StageDocument.safeParse(await read(localStack, stageKey(runId, stage)));
    return parsed.success && parsed.data.state === 'closed' ? parsed.data : null;
  });
  const jobRunId = document.job_run_id ?? '';
  const jobName = GLUE_JOBS[stage];
  const { JobRun } = await localStack.glue.send(new GetJobRunCommand({ JobName: jobName, RunId: jobRunId }));
  const since = (at: number | undefined): number => (at ?? Number.NaN) - put;
  return {
    stage,
    claimed: since(Date.parse(document.claimed_at)),
    accepted: since(JobRun?.StartedOn?.getTime()),
    began: since(await firstLine(localStack, jobRunId)),
    ended: since(JobRun?.CompletedOn?.getTime()),
    closed: since(Date.parse(document.ended_at ?? '')),
  };
};

/** Puts a stream file and follows it until it rests in the archive. */
export const follow = async (localStack: LocalStack, key: string, path: string): Promise<Arrival> => {
  const put = Date.now();
  await localStack.reached.objects.put(key, path);
  const runId = await until(`${key} is archived`, async () => {
    const parsed = FileDocument.safeParse(await read(localStack, fileKey(fileId(key))));
    const version = parsed.success ? parsed.data.versions.at(-1) : undefined;
    return version?.state === 'archived' ? version.run_id : null;
  });
  const legs: Leg[] = [];
  for (const stage of STAGES) legs.push(await legOf(localStack, runId, stage, put));
  const load = legs.find(({ stage }) => stage === 'load');
  return { legs, inTable: load?.ended ?? Number.NaN };
};
