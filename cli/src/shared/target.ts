import { DEFAULT_BUCKET, TABLE } from '@music-etl/contracts';
import { UserError } from './errors.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** Where the pipeline is: which endpoint (null is AWS itself), bucket and table, and the environment that reaches it. */
export interface Target {
  endpoint: string | null;
  /** How it was found, for the person. */
  origin: string;
  region: string;
  bucket: string;
  table: string;
  env: Env;
}

const CREDENTIALS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

const isLoopback = (endpoint: string): boolean => /^https?:\/\/(127\.|localhost|\[::1\])/.test(endpoint);

/**
 * The endpoint the environment names, else the local stack that `up` left, else AWS if it is configured.
 * @example chooseTarget(process.env, { endpoint: 'http://127.0.0.1:4566', env: {} }).origin // 'the local local stack'
 */
export const chooseTarget = (env: Env, localStack: { endpoint: string; env: Env } | null): Target => {
  const names = { bucket: env.MUSIC_ETL_BUCKET || DEFAULT_BUCKET, table: env.MUSIC_ETL_TABLE || TABLE };
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION;
  const named = env.AWS_ENDPOINT_URL;
  if (named) {
    const keys =
      !env.AWS_ACCESS_KEY_ID && isLoopback(named) ? { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' } : {};
    return {
      ...names,
      endpoint: named,
      origin: 'AWS_ENDPOINT_URL',
      region: region ?? 'us-east-1',
      env: { ...env, ...keys },
    };
  }
  if (localStack) {
    const stackRegion = localStack.env.AWS_REGION || localStack.env.AWS_DEFAULT_REGION || 'us-east-1';
    return {
      ...names,
      endpoint: localStack.endpoint,
      origin: 'the local stack',
      region: stackRegion,
      env: { ...env, ...localStack.env },
    };
  }
  if (region && CREDENTIALS.some((name) => env[name])) return { ...names, endpoint: null, origin: 'AWS', region, env };
  throw new UserError(
    'no pipeline to talk to: no local localStack is up, and the environment names no AWS',
    'start a local stack with `npx music-etl up`, or set AWS_ENDPOINT_URL, or AWS_REGION and credentials',
  );
};
