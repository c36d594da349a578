import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { GlueClient } from '@aws-sdk/client-glue';
import type { Reached } from '../../cli/src/shared/reach.ts';

/** A local stack with open connections. */
export interface ReachedStack {
  reached: Reached;
  glue: GlueClient;
  logs: CloudWatchLogsClient;
}

/** Connects to the services that the tool does not use. */
export const reachStack = (reached: Reached, endpoint: string): ReachedStack => {
  const { env, region } = reached.target;
  const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID ?? '', secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '' };
  const config = { endpoint, region, credentials };
  return { reached, glue: new GlueClient(config), logs: new CloudWatchLogsClient(config) };
};
