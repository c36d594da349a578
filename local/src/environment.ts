import { localFile, pathWith, toolsDirectory, toolsPath } from './places.ts';

export const REGION = 'us-east-1';
/** MiniStack's account root. */
export const ROOT_CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' } as const;
const NO_FILE = '/dev/null';

/** What a process needs to take the local stack for AWS. */
export const stackEnvironment = (endpoint: string): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: ROOT_CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: ROOT_CREDENTIALS.secretAccessKey,
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_CONFIG_FILE: NO_FILE,
  AWS_SHARED_CREDENTIALS_FILE: NO_FILE,
  AWS_EC2_METADATA_DISABLED: 'true',
  PATH: toolsPath(),
});

const PASSED_ON = ['HOME', 'LANG', 'LC_ALL', 'TZ'] as const;

/** `base` without anything that could lead an SDK to a real account, and with the local stack's environment in its place. */
export const withStack = (
  localStack: Record<string, string>,
  base: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv => {
  const kept = Object.entries(base).filter(([name]) => !name.startsWith('AWS_'));
  return { ...Object.fromEntries(kept), ...localStack };
};

/** The little that a server or a job inherits from the person's shell. */
const inherited = (): Record<string, string> =>
  Object.fromEntries(PASSED_ON.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));

type MiniStackPlaces = { endpoint: string; port: number; stateDir: string; temporary: string; keep: boolean };

/** MiniStack's environment; its Lambda functions inherit it. It calls itself by the gateway's name and port. */
export const ministackEnvironment = (places: MiniStackPlaces): Record<string, string> => ({
  ...inherited(),
  PATH: pathWith(localFile('shims'), toolsDirectory),
  TMPDIR: places.temporary,
  AUTH: 'true',
  AWS_ENDPOINT_URL: places.endpoint,
  AWS_ACCESS_KEY_ID: ROOT_CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: ROOT_CREDENTIALS.secretAccessKey,
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_CONFIG_FILE: NO_FILE,
  AWS_SHARED_CREDENTIALS_FILE: NO_FILE,
  AWS_EC2_METADATA_DISABLED: 'true',
  GATEWAY_PORT: String(places.port),
  BIND_HOST: '127.0.0.1',
  MINISTACK_HOST: '127.0.0.1',
  MINISTACK_REGION: REGION,
  PERSIST_STATE: places.keep ? '1' : '0',
  STATE_DIR: `${places.stateDir}/state`,
  // Objects on disk even where nothing is kept: in memory they would stay for good.
  S3_PERSIST: '1',
  S3_DATA_DIR: `${places.stateDir}/s3`,
  LAMBDA_EXECUTOR: 'local',
  LAMBDA_WARM_TTL_SECONDS: '1800',
  IOT_MTLS_ENABLED: '0',
  SFTP_ENABLED: '0',
  // A Docker daemon on the machine is somebody else's.
  DOCKER_HOST: 'unix:///nonexistent/docker.sock',
  PYTHONUNBUFFERED: '1',
});

type SessionCredentials = { accessKeyId: string; secretAccessKey: string; sessionToken: string };
type JobPlaces = {
  endpoint: string;
  workDir: string;
  pythonPath: readonly string[];
  pythonBin: string;
  /** Goes into the user agent of the run's requests: the gateway can tell who asks. */
  mark: string;
};

/** A Glue run's environment: its role's session and nothing of root's. */
export const jobEnvironment = (places: JobPlaces, credentials: SessionCredentials): Record<string, string> => ({
  ...inherited(),
  PATH: pathWith(places.pythonBin),
  HOME: places.workDir,
  TMPDIR: places.workDir,
  PYTHONPATH: places.pythonPath.join(':'),
  PYTHONUNBUFFERED: '1',
  TZ: 'UTC',
  AWS_ENDPOINT_URL: places.endpoint,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_CONFIG_FILE: NO_FILE,
  AWS_SHARED_CREDENTIALS_FILE: NO_FILE,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SDK_UA_APP_ID: places.mark,
});
