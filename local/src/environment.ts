import type { Credentials } from './credentials.ts';
import { localFile, pathWith, toolsDirectory, toolsPath } from './paths.ts';

export const REGION = 'us-east-1';
/** The root user of MiniStack's account. */
export const ROOT_CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' } as const;
const NO_FILE = '/dev/null';

/** Returns the AWS settings that every process gets: this endpoint, these credentials, no profile of the user. */
const awsVariables = (
  endpoint: string,
  credentials: Omit<Credentials, 'sessionToken'> & Partial<Credentials>,
): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_CONFIG_FILE: NO_FILE,
  AWS_SHARED_CREDENTIALS_FILE: NO_FILE,
  AWS_EC2_METADATA_DISABLED: 'true',
});

/** Returns the environment of a process that uses the local stack in place of AWS. */
export const stackEnvironment = (endpoint: string): Record<string, string> => ({
  ...awsVariables(endpoint, ROOT_CREDENTIALS),
  PATH: toolsPath(),
});

const INHERITED = ['HOME', 'LANG', 'LC_ALL', 'TZ'] as const;

/** Returns `base` with the local stack's environment, without variables that could lead an SDK to a real account. */
export const withStack = (
  stackEnv: Record<string, string>,
  base: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv => {
  const kept = Object.entries(base).filter(([name]) => !name.startsWith('AWS_'));
  return { ...Object.fromEntries(kept), ...stackEnv };
};

/** Returns the few variables that a server or a job inherits from the user's shell. */
const inherited = (): Record<string, string> =>
  Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));

type MiniStackOptions = { endpoint: string; port: number; stateDir: string; temporary: string; keep: boolean };

/** Returns MiniStack's environment. Lambda functions inherit it. MiniStack uses the gateway's address as its own. */
export const ministackEnvironment = (options: MiniStackOptions): Record<string, string> => ({
  ...inherited(),
  ...awsVariables(options.endpoint, ROOT_CREDENTIALS),
  PATH: pathWith(localFile('shims'), toolsDirectory),
  TMPDIR: options.temporary,
  AUTH: 'true',
  GATEWAY_PORT: String(options.port),
  BIND_HOST: '127.0.0.1',
  MINISTACK_HOST: '127.0.0.1',
  MINISTACK_REGION: REGION,
  PERSIST_STATE: options.keep ? '1' : '0',
  STATE_DIR: `${options.stateDir}/state`,
  // Objects are on disk even where no state is kept: in memory MiniStack would never release them.
  S3_PERSIST: '1',
  S3_DATA_DIR: `${options.stateDir}/s3`,
  LAMBDA_EXECUTOR: 'local',
  LAMBDA_WARM_TTL_SECONDS: '1800',
  IOT_MTLS_ENABLED: '0',
  SFTP_ENABLED: '0',
  // A Docker daemon on this machine belongs to somebody else.
  DOCKER_HOST: 'unix:///nonexistent/docker.sock',
  PYTHONUNBUFFERED: '1',
});

type JobOptions = {
  endpoint: string;
  workDir: string;
  pythonPath: readonly string[];
  pythonBin: string;
  /** Part of the user agent of the run's requests: it identifies the run to the gateway. */
  mark: string;
};

/** Returns a Glue run's environment: the session of its role, and nothing of root's. */
export const jobEnvironment = (options: JobOptions, session: Credentials): Record<string, string> => ({
  ...inherited(),
  ...awsVariables(options.endpoint, session),
  PATH: pathWith(options.pythonBin),
  HOME: options.workDir,
  TMPDIR: options.workDir,
  PYTHONPATH: options.pythonPath.join(':'),
  PYTHONUNBUFFERED: '1',
  TZ: 'UTC',
  AWS_SDK_UA_APP_ID: options.mark,
});
