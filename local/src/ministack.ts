import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ministackEnvironment } from './environment.ts';
import { LocalStackError } from './errors.ts';
import { findPython, localFile } from './places.ts';
import { type Kept, keep } from './supervisor.ts';

type MiniStackOptions = {
  endpoint: string;
  port: number;
  stateDir: string;
  /** A Unix socket: nobody reaches MiniStack but through the gateway, and its own port is the gateway's. */
  socket: string;
  /** Gone when MiniStack has ended, as is `temporary`. */
  runtimeDir: string;
  temporary: string;
  keepState: boolean;
  log: (line: string) => void;
};

const STARTUP_MS = 60_000;

const healthy = (socketPath: string): Promise<boolean> =>
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

/** Starts MiniStack under a supervisor and waits until it answers. */
export const startMiniStack = async (options: MiniStackOptions): Promise<Kept> => {
  const logFile = join(options.stateDir, 'logs', 'ministack.log');
  const temporary = join(options.temporary, 'ministack');
  mkdirSync(temporary);
  const output = openSync(logFile, 'a');
  const app = `${localFile('python', 'emulator.py')}:app`;
  const server = ['-m', 'hypercorn', app, '--bind', `unix:${options.socket}`, '--workers', '0'];
  const kept = keep({
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
  const deadline = Date.now() + STARTUP_MS;
  while (!(await healthy(options.socket))) {
    if (!kept.running())
      throw new LocalStackError(`MiniStack ended while starting; ${logFile} ends with:\n${lastLines(logFile)}`);
    if (Date.now() > deadline) {
      await kept.end();
      throw new LocalStackError(`MiniStack does not answer after ${STARTUP_MS / 1000} s; see ${logFile}`);
    }
    await sleep(25);
  }
  let ending = false;
  kept.process.once('exit', (code) => {
    if (!ending) options.log(`MiniStack ended with ${code}; its log is ${logFile}`);
  });
  return {
    ...kept,
    end: () => {
      ending = true;
      return kept.end();
    },
  };
};
