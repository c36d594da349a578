import { setTimeout as sleep } from 'node:timers/promises';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetJobRunCommand } from '@aws-sdk/client-glue';
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
import type { ReachedStack } from './reach.ts';

/** The moments of one file in one stage, in milliseconds since its upload. */
export interface Leg {
  stage: Stage;
  /** The function has received the message and claimed the run. */
  claimed: number;
  /** Glue has accepted the job run. */
  accepted: number;
  /** The job has written its first log line. */
  began: number;
  /** The job run is SUCCEEDED. */
  ended: number;
  /** The stage is closed. */
  closed: number;
}

export interface Arrival {
  legs: Leg[];
  /** The header of the file's date is complete: its KPIs can be read. */
  inTable: number;
}

const POLL_MS = 200;
const TIMEOUT_MS = 120_000;
const OUTPUT = '/aws-glue/jobs/output';

const waitFor = async <T>(what: string, look: () => Promise<T | null>): Promise<T> => {
  const deadline = Date.now() + TIMEOUT_MS;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== null) return found;
    await sleep(POLL_MS);
  }
  throw new Error(`${what}: not within ${TIMEOUT_MS / 1000} s`);
};

const read = async ({ reached }: ReachedStack, key: string): Promise<unknown> => {
  const text = await reached.objects.read(key);
  return text === null ? null : JSON.parse(text);
};

const firstLine = async ({ logs }: ReachedStack, jobRunId: string): Promise<number> => {
  const query = { logGroupName: OUTPUT, logStreamNames: [jobRunId] };
  const { events = [] } = await logs.send(new FilterLogEventsCommand(query));
  const times = events.flatMap(({ message = '' }) => /"time": "([^"]+)"/.exec(message)?.[1] ?? []);
  return Math.min(...times.map((time) => Date.parse(time)));
};

const legOf = async (stack: ReachedStack, runId: string, stage: Stage, put: number): Promise<Leg> => {
  const document = await waitFor(`${stage} of ${runId} closes`, async () => {
    const parsed = StageDocument.safeParse(await read(stack, stageKey(runId, stage)));
    return parsed.success && parsed.data.state === 'closed' ? parsed.data : null;
  });
  const jobRunId = document.job_run_id ?? '';
  const { JobRun } = await stack.glue.send(new GetJobRunCommand({ JobName: GLUE_JOBS[stage], RunId: jobRunId }));
  const since = (at: number | undefined): number => (at ?? Number.NaN) - put;
  return {
    stage,
    claimed: since(Date.parse(document.claimed_at)),
    accepted: since(JobRun?.StartedOn?.getTime()),
    began: since(await firstLine(stack, jobRunId)),
    ended: since(JobRun?.CompletedOn?.getTime()),
    closed: since(Date.parse(document.ended_at ?? '')),
  };
};

/** Puts a stream file and follows it until it is archived. */
export const follow = async (stack: ReachedStack, key: string, path: string): Promise<Arrival> => {
  const put = Date.now();
  await stack.reached.objects.put(key, path);
  const runId = await waitFor(`${key} is archived`, async () => {
    const parsed = FileDocument.safeParse(await read(stack, fileKey(fileId(key))));
    const version = parsed.success ? parsed.data.versions.at(-1) : undefined;
    return version?.state === 'archived' ? version.run_id : null;
  });
  const legs: Leg[] = [];
  for (const stage of STAGES) legs.push(await legOf(stack, runId, stage, put));
  const load = legs.find(({ stage }) => stage === 'load');
  return { legs, inTable: load?.ended ?? Number.NaN };
};
