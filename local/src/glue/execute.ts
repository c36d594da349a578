import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Job } from '@aws-sdk/client-glue';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { Clients } from '../clients.ts';
import type { Credentials } from '../credentials.ts';
import { jobEnvironment } from '../environment.ts';
import { errorText } from '../error-text.ts';
import { findPython, localRoot } from '../paths.ts';
import { extraPyFiles, mergeArguments, scriptArguments } from './arguments.ts';
import { download } from './download.ts';
import { shipLogs } from './logs.ts';
import type { Execute, Execution, Outcome } from './ports.ts';
import type { ForkEnd, ForkRequest, Prefork } from './prefork.ts';
import { jobMark, type Run } from './run.ts';

type ExecutorDeps = {
  clients: Clients;
  prefork: Prefork;
  endpoint: string;
  /** Parent of the runs' private directories. */
  workRoot: string;
  /** Directory of downloaded scripts. */
  cache: string;
  log: (line: string) => void;
};

const MAX_ERROR = 1_000;

const assumeRole = async ({ clients }: ExecutorDeps, job: Job, run: Run): Promise<Credentials> => {
  const RoleSessionName = `GlueJobRunnerSession-${run.Id}`.slice(0, 64);
  try {
    const { Credentials: session } = await clients.sts.send(
      new AssumeRoleCommand({ RoleArn: job.Role, RoleSessionName }),
    );
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = session ?? {};
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  } catch (error) {
    throw new Error(`Role ${job.Role} should be given assume role permissions for Glue Service: ${errorText(error)}`);
  }
};

/** Returns the last line that a failed script wrote to stderr, where Python names the error. */
const lastErrorLine = (path: string): string | null => {
  const lines = readFileSync(path, { encoding: 'utf8', flag: 'a+' }).trimEnd().split('\n');
  return lines.at(-1)?.trim().slice(0, MAX_ERROR) || null;
};

const outcomeOf = (end: ForkEnd, stderr: string): Outcome => {
  if (end.exit === 0 && end.signal === 0) return { ok: true };
  const how = end.signal > 0 ? `signal ${end.signal}` : `exit code ${end.exit}`;
  return { ok: false, error: lastErrorLine(stderr) ?? `Command failed with ${how}` };
};

type Prepared = { request: ForkRequest; logs: CloudWatchLogsClient; clean: () => Promise<void> };

/** Does everything that needs the role before a process starts: opens its session, reads the script with it. */
const prepare = async (deps: ExecutorDeps, job: Job, run: Run): Promise<Prepared> => {
  const credentials = await assumeRole(deps, job, run);
  const { s3, logs } = deps.clients.asRole(credentials);
  const merged = mergeArguments(job.DefaultArguments, run.Arguments);
  const addresses = [job.Command?.ScriptLocation ?? '', ...extraPyFiles(merged)];
  const [script = '', ...extras] = await Promise.all(addresses.map((address) => download(s3, address, deps.cache)));
  const workDir = await mkdtemp(join(deps.workRoot, 'run-'));
  const [stdout, stderr] = [`${workDir}.out`, `${workDir}.err`];
  const pythonpath = extras.map((path) => (path.endsWith('.py') ? dirname(path) : path));
  const options = {
    endpoint: deps.endpoint,
    workDir,
    pythonPath: [...pythonpath, localRoot],
    pythonBin: dirname(findPython()),
    mark: jobMark(run.Id),
  };
  const env = jobEnvironment(options, credentials);
  return {
    request: { script, argv: scriptArguments(run, merged), env, pythonpath, cwd: workDir, stdout, stderr },
    logs,
    clean: async () => {
      for (const path of [workDir, stdout, stderr]) await rm(path, { recursive: true, force: true });
    },
  };
};

const killGroup = (pid: number): void => {
  if (pid <= 1) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
};

const KILLED: Outcome = { ok: false, error: 'killed before its process started' };

/** Collects work that goes on after a run's end, and reports its errors. */
const createBackground = (log: (line: string) => void) => {
  const inProgress = new Set<Promise<void>>();
  return {
    add: (work: Promise<void>): void => {
      const done = work.catch((error: unknown) => log(`closing a Glue run: ${errorText(error)}`));
      inProgress.add(done);
      void done.then(() => inProgress.delete(done));
    },
    finish: async (): Promise<void> => void (await Promise.all(inProgress)),
  };
};

export type Executor = {
  execute: Execute;
  /** Resolves when the logs of ended runs are written and their directories are removed. */
  finish: () => Promise<void>;
};

/** Creates an executor that runs a job's deployed script in a process of its own, with only its role's session. */
export const createExecutor = (deps: ExecutorDeps): Executor => {
  const background = createBackground(deps.log);

  const execute: Execute = (job, run, running): Execution => {
    let killed = false;
    let killProcess = (): void => {};

    const runScript = async (): Promise<Outcome> => {
      const { request, logs, clean } = await prepare(deps, job, run);
      if (killed) {
        await clean();
        return KILLED;
      }
      const fork = deps.prefork.fork(run.Id, request);
      const pid = await fork.pid;
      killProcess = () => killGroup(pid);
      if (killed) killProcess();
      running();
      const shipper = shipLogs(logs, run.Id, request, deps.log);
      const outcome = outcomeOf(await fork.ended, request.stderr);
      background.add(shipper.finish().then(clean));
      return outcome;
    };

    return {
      done: runScript().catch((error: unknown) => ({ ok: false, error: errorText(error).slice(0, MAX_ERROR) })),
      kill: () => {
        killed = true;
        killProcess();
      },
    };
  };

  return { execute, finish: background.finish };
};
