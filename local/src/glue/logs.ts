import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { errorText } from '../error-text.ts';
import { batchLines, type LineTail, tailLines } from './log-lines.ts';

export const LOG_GROUP_PREFIX = '/aws-glue/jobs';
const LOG_GROUPS = { stdout: `${LOG_GROUP_PREFIX}/output`, stderr: `${LOG_GROUP_PREFIX}/error` } as const;
const INTERVAL_MS = 500;

const ignoring = async (name: string, work: Promise<unknown>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Error && error.name === name)) throw error;
  }
};

type Sink = { tail: LineTail; group: string; created: boolean };

const put = async (logs: CloudWatchLogsClient, sink: Sink, stream: string, lines: string[]): Promise<void> => {
  const names = { logGroupName: sink.group, logStreamName: stream };
  if (!sink.created) {
    const exists = 'ResourceAlreadyExistsException';
    await ignoring(exists, logs.send(new CreateLogGroupCommand({ logGroupName: sink.group })));
    await ignoring(exists, logs.send(new CreateLogStreamCommand(names)));
    sink.created = true;
  }
  for (const batch of batchLines(lines)) {
    const timestamp = Date.now();
    const logEvents = batch.map((message) => ({ message, timestamp }));
    await logs.send(new PutLogEventsCommand({ ...names, logEvents }));
  }
};

export type LogShipper = { finish: () => Promise<void> };

/** Ships a run's output to CloudWatch Logs while it runs, with its role's session: without the right, no logs. */
export const shipLogs = (
  logs: CloudWatchLogsClient,
  stream: string,
  files: { stdout: string; stderr: string },
  log: (line: string) => void,
): LogShipper => {
  const sinks: Sink[] = [
    { tail: tailLines(files.stdout), group: LOG_GROUPS.stdout, created: false },
    { tail: tailLines(files.stderr), group: LOG_GROUPS.stderr, created: false },
  ];
  let denied = false;
  const shipSink = async (sink: Sink, lines: string[]): Promise<void> => {
    if (lines.length === 0 || denied) return;
    try {
      await put(logs, sink, stream, lines);
    } catch (error) {
      denied = true;
      log(`logs of ${stream} are not written to ${sink.group}: ${errorText(error)}`);
    }
  };
  const ship = async (final: boolean): Promise<void> => {
    for (const sink of sinks) await shipSink(sink, await sink.tail.read(final));
  };
  let shipping: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    shipping = shipping.then(() => ship(false));
  }, INTERVAL_MS);
  return {
    finish: async () => {
      clearInterval(timer);
      await shipping;
      await ship(true);
    },
  };
};
