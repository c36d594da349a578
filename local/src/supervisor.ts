import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { findPython, localFile } from './places.ts';

export type Kept = {
  /** The supervisor's process; the command is its child. */
  process: ChildProcess;
  /** Descriptors 3 (to the command) and 4 (from it), where asked for. */
  channel: { requests: Writable; answers: Readable } | null;
  exited: Promise<number>;
  running: () => boolean;
  /** Ends the command and all it started; resolves when nothing is left. */
  end: () => Promise<void>;
};

type KeepOptions = {
  command: readonly string[];
  env: Record<string, string>;
  /** Seconds between SIGTERM and SIGKILL. */
  grace: number;
  /** Directories that go with the command, however it ends. */
  remove?: readonly string[];
  /** A file the supervisor holds locked: another command with the same lock starts when this one has ended. */
  lock?: string;
  /** A file descriptor for stdout and stderr. */
  output: number;
  channel?: boolean;
  cwd: string;
};

const isStream = (stream: unknown): stream is Readable & Writable => stream !== null && typeof stream === 'object';

/** Starts a command that cannot outlive this process: even SIGKILL closes the pipe its supervisor waits on. */
export const keep = (options: KeepOptions): Kept => {
  const channel = options.channel === true;
  const flags = [
    ...['--grace', String(options.grace)],
    ...(options.remove ?? []).flatMap((directory) => ['--remove', directory]),
    ...(options.lock ? ['--lock', options.lock] : []),
    ...(channel ? ['--pass-fd', '3', '--pass-fd', '4'] : []),
  ];
  const child = spawn(
    findPython(),
    ['-I', '-S', localFile('python', 'supervisor.py'), ...flags, '--', ...options.command],
    {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['pipe', options.output, options.output, ...(channel ? (['pipe', 'pipe'] as const) : [])],
    },
  );
  const exited = new Promise<number>((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1));
    child.once('error', () => resolve(1));
  });
  child.stdin?.on('error', () => {});
  const [requests, answers] = [child.stdio[3], child.stdio[4]];
  if (channel && isStream(requests)) requests.on('error', () => {});
  return {
    process: child,
    channel: channel && isStream(requests) && isStream(answers) ? { requests, answers } : null,
    exited,
    running: () => child.exitCode === null && child.signalCode === null,
    end: async () => {
      child.stdin?.end();
      await exited;
    },
  };
};
