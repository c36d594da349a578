import { z } from 'zod';
import { jobRunOf } from '../glue/job-run.ts';
import type { FindJob } from '../glue/ports.ts';
import type { GlueRuns } from '../glue/runs.ts';
import { AwsError, handleAllowed, jsonResponse, parseInput } from './aws-json.ts';
import type { Exchange, HttpResponse, Interceptor } from './exchange.ts';

const MAX_PAGE = 200;
const name = z.string().min(1);

const StartJobRun = z.object({
  JobName: name,
  Arguments: z.record(z.string(), z.string()).optional(),
  Timeout: z.int().positive().optional(),
});
const GetJobRun = z.object({ JobName: name, RunId: name });
const GetJobRuns = z.object({
  JobName: name,
  MaxResults: z.int().min(1).max(MAX_PAGE).optional(),
  NextToken: z.string().optional(),
});
const BatchStopJobRun = z.object({ JobName: name, JobRunIds: z.array(name).min(1).max(25) });

type Deps = { runs: GlueRuns; findJob: FindJob };
type Operation = (exchange: Exchange, deps: Deps) => Promise<HttpResponse>;

/** Returns the index of a page's first run. The token is the id of the run before it: new runs do not shift pages. */
const pageStart = (ids: readonly string[], token: string | undefined): number => {
  if (token === undefined) return 0;
  const index = ids.indexOf(Buffer.from(token, 'base64url').toString('utf8'));
  if (index < 0) throw new AwsError('InvalidInputException', 'NextToken is not valid');
  return index + 1;
};

const OPERATIONS: Record<string, Operation> = {
  'AWSGlue.StartJobRun': async (exchange, { runs }) => {
    const run = await runs.start(await parseInput(exchange, StartJobRun));
    return jsonResponse(200, { JobRunId: run.Id });
  },
  'AWSGlue.GetJobRun': async (exchange, { runs, findJob }) => {
    const { JobName, RunId } = await parseInput(exchange, GetJobRun);
    return jsonResponse(200, { JobRun: jobRunOf(runs.get(JobName, RunId), await findJob(JobName)) });
  },
  'AWSGlue.GetJobRuns': async (exchange, { runs, findJob }) => {
    const { JobName, MaxResults = MAX_PAGE, NextToken } = await parseInput(exchange, GetJobRuns);
    const [all, job] = await Promise.all([runs.list(JobName), findJob(JobName)]);
    const ids = all.map((run) => run.Id);
    const from = pageStart(ids, NextToken);
    const page = all.slice(from, from + MaxResults);
    const last = page.at(-1);
    const more = last !== undefined && from + page.length < all.length;
    return jsonResponse(200, {
      JobRuns: page.map((run) => jobRunOf(run, job)),
      ...(more ? { NextToken: Buffer.from(last.Id).toString('base64url') } : {}),
    });
  },
  'AWSGlue.BatchStopJobRun': async (exchange, { runs }) => {
    const { JobName, JobRunIds } = await parseInput(exchange, BatchStopJobRun);
    return jsonResponse(200, runs.stop(JobName, JobRunIds));
  },
};

/** Handles Glue's job runs after the emulator has checked the caller's permissions. */
export const glueInterceptor =
  (deps: Deps): Interceptor =>
  async (exchange, next) => {
    const operation = OPERATIONS[exchange.operation ?? ''];
    if (!operation) return next(exchange);
    // The emulator has none of these runs. It looks for one, and does not find it, only if the caller may read it.
    const handling = { exchange, next, version: '1.1', harmless: ['EntityNotFoundException'] } as const;
    return handleAllowed(handling, () => operation(exchange, deps));
  };
