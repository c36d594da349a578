import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { findPython, localFile } from '../paths.ts';
import { type Supervised, supervise } from '../supervisor.ts';

/** The process that a fork becomes. */
export type ForkRequest = {
  script: string;
  argv: readonly string[];
  env: Record<string, string>;
  pythonpath: readonly string[];
  cwd: string;
  stdout: string;
  stderr: string;
};
export type ForkEnd = { exit: number; signal: number };
export type Fork = { pid: Promise<number>; ended: Promise<ForkEnd> };
export type Prefork = { fork: (id: string, request: ForkRequest) => Fork; end: () => Promise<void> };

const PreforkResponse = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ id: z.string(), pid: z.int() }),
  z.object({ id: z.string(), exit: z.int(), signal: z.int() }),
]);

type Pending = { started: (pid: number) => void; ended: (end: ForkEnd) => void };
const LOST: ForkEnd = { exit: 1, signal: 9 };

/** Keeps the forks that have not ended, and resolves their promises. */
const createPendingForks = () => {
  const pending = new Map<string, Pending>();
  return {
    add: (id: string): Fork => {
      let resolvers: Pending = { started: () => {}, ended: () => {} };
      const pid = new Promise<number>((resolve) => {
        resolvers = { ...resolvers, started: resolve };
      });
      const ended = new Promise<ForkEnd>((resolve) => {
        resolvers = { ...resolvers, ended: resolve };
      });
      pending.set(id, resolvers);
      return { pid, ended };
    },
    handle: (line: string): void => {
      const response = PreforkResponse.parse(JSON.parse(line));
      if (!('id' in response)) return;
      const fork = pending.get(response.id);
      if ('pid' in response) fork?.started(response.pid);
      else {
        pending.delete(response.id);
        fork?.ended({ exit: response.exit, signal: response.signal });
      }
    },
    loseAll: (): void => {
      for (const fork of pending.values()) {
        fork.started(0);
        fork.ended(LOST);
      }
      pending.clear();
    },
  };
};

/** Starts the pre-fork server under a supervisor, and starts it again after it died. */
export const startPrefork = (options: { logFile: string; temporary: string; cwd: string }): Prefork => {
  const forks = createPendingForks();

  const start = (): Supervised => {
    const output = openSync(options.logFile, 'a');
    const server = supervise({
      command: [findPython(), '-I', '-u', localFile('python', 'prefork.py')],
      env: { PATH: '/usr/bin:/bin', AWS_EC2_METADATA_DISABLED: 'true' },
      grace: 1,
      remove: [options.temporary],
      output,
      channel: true,
      cwd: options.cwd,
    });
    closeSync(output);
    if (server.channel) createInterface({ input: server.channel.responses }).on('line', forks.handle);
    server.process.once('exit', forks.loseAll);
    return server;
  };

  let server = start();
  return {
    fork: (id, request) => {
      if (!server.running()) server = start();
      const fork = forks.add(id);
      server.channel?.requests.write(`${JSON.stringify({ id, ...request })}\n`);
      return fork;
    },
    end: () => server.end(),
  };
};
