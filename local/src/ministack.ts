import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ministackEnvironment } from './environment.ts';
import { LocalStackError } from './errors.ts';
import { findPython, localFile } from './paths.ts';
import { type Supervised, supervise } from './supervisor.ts';

type MiniStackOptions = {
  endpoint: string;
  port: number;
  stateDir: string;
  /** A Unix socket: only the gateway reaches MiniStack, and the port that MiniStack calls its own is the gateway's. */
  socket: string;
  /** Removed when MiniStack has ended, as is `temporary`. */
  runtimeDir: string;
  temporary: string;
  keepState: boolean;
  log: (line: string) => void;
};

const STARTUP_MS = 60_000;

const isHealthy = (socketPath: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = request({ socketPath, path: '/_ministack/health', timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    probe.once('error', () => resolve(false));
    probe.once('timeout', () => probe.destroy());
    probe.end();
  });

const lastLines = (path: string): string => readFileSync(path, 'utf8').trimEnd().split('\n').slice(-15).join('\n');

const spawnServer = (options: MiniStackOptions, logFile: string): Supervised => {
  const temporary = join(options.temporary, 'ministack');
  mkdirSync(temporary);
  const output = openSync(logFile, 'a');
  const app = `${localFile('python', 'emulator.py')}:app`;
  const server = ['-m', 'hypercorn', app, '--bind', `unix:${options.socket}`, '--workers', '0'];
  const supervised = supervise({
    command: [findPython(), ...server, '--keep-alive', '3600', '--graceful-timeout', '1', '--log-level', 'WARNING'],
    env: ministackEnvironment({
      endpoint: options.endpoint,
      port: options.port,
      stateDir: join(options.stateDir, 'ministack'),
      temporary,
      keep: options.keepState,
    }),
    grace: 10,
    lock: join(options.stateDir, 'ministack.lock'),
    remove: [temporary, options.runtimeDir],
    output,
    cwd: options.stateDir,
  });
  closeSync(output);
  return supervised;
};

const waitUntilHealthy = async (server: Supervised, socket: string, logFile: string): Promise<void> => {
  const deadline = Date.now() + STARTUP_MS;
  while (!(await isHealthy(socket))) {
    if (!server.running())
      throw new LocalStackError(`MiniStack ended while starting; ${logFile} ends with:\n${lastLines(logFile)}`);
    if (Date.now() > deadline) {
      await server.end();
      throw new LocalStackError(`MiniStack does not respond after ${STARTUP_MS / 1000} s; see ${logFile}`);
    }
    await sleep(25);
  }
};

/** Starts MiniStack under a supervisor and waits until it responds. */
export const startMiniStack = async (options: MiniStackOptions): Promise<{ end: () => Promise<void> }> => {
  const logFile = join(options.stateDir, 'logs', 'ministack.log');
  const server = spawnServer(options, logFile);
  await waitUntilHealthy(server, options.socket, logFile);
  let ending = false;
  server.process.once('exit', (code) => {
    if (!ending) options.log(`MiniStack ended with ${code}; its log is ${logFile}`);
  });
  return {
    end: () => {
      ending = true;
      return server.end();
    },
  };
};
