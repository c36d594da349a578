import { DEFAULT_BUCKET, TABLE } from '@music-etl/contracts';
import { UserError } from './errors.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** What the tool talks to: a local stack or an AWS account, region, bucket and table. */
export interface Target {
  /** null: AWS itself. */
  endpoint: string | null;
  /** Where it was found, for a person. */
  origin: string;
  region: string;
  bucket: string;
  table: string;
  /** The environment that reaches it. */
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

type Endpoint = Omit<Target, 'bucket' | 'table'>;

const regionOf = (env: Env): string | undefined => env.AWS_REGION || env.AWS_DEFAULT_REGION;

const namedEndpoint = (env: Env, endpoint: string): Endpoint => {
  const needsKeys = !env.AWS_ACCESS_KEY_ID && isLoopback(endpoint);
  const keys = needsKeys ? { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' } : {};
  return { endpoint, origin: 'AWS_ENDPOINT_URL', region: regionOf(env) ?? 'us-east-1', env: { ...env, ...keys } };
};

const chooseEndpoint = (env: Env, stack: { endpoint: string; env: Env } | null): Endpoint => {
  if (env.AWS_ENDPOINT_URL) return namedEndpoint(env, env.AWS_ENDPOINT_URL);
  if (stack) {
    const region = regionOf(stack.env) ?? 'us-east-1';
    return { endpoint: stack.endpoint, origin: 'the local stack', region, env: { ...env, ...stack.env } };
  }
  const region = regionOf(env);
  if (region && CREDENTIALS.some((name) => env[name])) return { endpoint: null, origin: 'AWS', region, env };
  throw new UserError(
    'there is no target: no local stack is up, and the environment names no AWS account',
    'start a local stack with `npx music-etl up`, or set AWS_ENDPOINT_URL, or AWS_REGION and credentials',
  );
};

/**
 * Chooses the target: the endpoint that the environment names, else the local stack that `up` left, else AWS.
 * @throws UserError where there is none of them
 * @example chooseTarget(process.env, { endpoint: 'http://127.0.0.1:4566', env: {} }).origin // 'the local stack'
 */
export const chooseTarget = (env: Env, stack: { endpoint: string; env: Env } | null): Target => ({
  ...chooseEndpoint(env, stack),
  bucket: env.MUSIC_ETL_BUCKET || DEFAULT_BUCKET,
  table: env.MUSIC_ETL_TABLE || TABLE,
});
