import type { Run } from '../glue/run.ts';

/** An event as EventBridge delivers it. */
export type BusEvent = {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: Record<string, unknown>;
};

const SEVERITY: Partial<Record<Run['JobRunState'], string>> = { FAILED: 'ERROR', TIMEOUT: 'WARN' };
const MESSAGE: Partial<Record<Run['JobRunState'], string>> = {
  SUCCEEDED: 'Job run succeeded',
  TIMEOUT: 'Job run timed out',
  STOPPED: 'Job run stopped',
};

type Origin = { id: string; account: string; region: string; at: number };

/** Returns the `Glue Job State Change` of a run that has ended. As on AWS, its detail has no arguments. */
export const glueStateChange = (run: Run, origin: Origin): BusEvent => ({
  version: '0',
  id: origin.id,
  'detail-type': 'Glue Job State Change',
  source: 'aws.glue',
  account: origin.account,
  time: `${new Date(origin.at).toISOString().slice(0, 19)}Z`,
  region: origin.region,
  resources: [],
  detail: {
    jobName: run.JobName,
    severity: SEVERITY[run.JobRunState] ?? 'INFO',
    state: run.JobRunState,
    jobRunId: run.Id,
    message: MESSAGE[run.JobRunState] ?? run.ErrorMessage ?? 'Job run failed',
  },
});
