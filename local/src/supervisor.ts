import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { findPython, localFile } from './paths.ts';

export type Supervised = {
  /** The supervisor's process; the command is its child. */
  process: ChildProcess;
  /** Descriptors 3 (to the command) and 4 (from the command), if the options have `channel`. */
  channel: { requests: Writable; responses: Readable } | null;
  running: () => boolean;
  /** Ends the command and all its descendants; resolves when none is left. */
  end: () => Promise<void>;
};

type SuperviseOptions = {
  command: readonly string[];
  env: Record<string, string>;
  /** Seconds between SIGTERM and SIGKILL. */
  grace: number;
  /** Directories that are removed when the command has ended, however it ended. */
  remove?: readonly string[];
  /** A file that the supervisor locks: another command with the same lock starts when this one has ended. */
  lock?: string;
  /** A file descriptor for stdout and stderr. */
  output: number;
  channel?: boolean;
  cwd: string;
};

const isStream = (stream: unknown): stream is Readable & Writable => stream !== null && typeof stream === 'object';

const flagsOf = ({ grace, remove = [], lock, channel }: SuperviseOptions): string[] => [
  ...['--grace', String(grace)],
  ...remove.flatMap((directory) => ['--remove', directory]),
  ...(lock ? ['--lock', lock] : []),
  ...(channel ? ['--pass-fd', '3', '--pass-fd', '4'] : []),
];

/** Starts a command that cannot outlive this process: even SIGKILL closes the pipe that its supervisor waits on. */
export const supervise = (options: SuperviseOptions): Supervised => {
  const channel = options.channel === true;
  const supervisor = ['-I', '-S', localFile('python', 'supervisor.py'), ...flagsOf(options)];
  const child = spawn(findPython(), [...supervisor, '--', ...options.command], {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['pipe', options.output, options.output, ...(channel ? (['pipe', 'pipe'] as const) : [])],
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  child.stdin?.on('error', () => {});
  const [requests, responses] = [child.stdio[3], child.stdio[4]];
  if (channel && isStream(requests)) requests.on('error', () => {});
  return {
    process: child,
    channel: channel && isStream(requests) && isStream(responses) ? { requests, responses } : null,
    running: () => child.exitCode === null && child.signalCode === null,
    end: async () => {
      child.stdin?.end();
      await exited;
    },
  };
};
