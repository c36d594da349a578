import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { findPython, localFile } from '../places.ts';
import { type Kept, keep } from '../supervisor.ts';

/** What a fork becomes. */
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

const PreforkAnswer = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ id: z.string(), pid: z.int() }),
  z.object({ id: z.string(), exit: z.int(), signal: z.int() }),
]);

type Pending = { started: (pid: number) => void; ended: (end: ForkEnd) => void };
const LOST: ForkEnd = { exit: 1, signal: 9 };

/** Starts the pre-forked Python under a supervisor; starts another where it died. */
export const startPrefork = (options: { logFile: string; temporary: string; cwd: string }): Prefork => {
  const pending = new Map<string, Pending>();

  const hear = (line: string): void => {
    const answer = PreforkAnswer.parse(JSON.parse(line));
    if (!('id' in answer)) return;
    const fork = pending.get(answer.id);
    if ('pid' in answer) fork?.started(answer.pid);
    else {
      pending.delete(answer.id);
      fork?.ended({ exit: answer.exit, signal: answer.signal });
    }
  };

  const start = (): Kept => {
    const output = openSync(options.logFile, 'a');
    const kept = keep({
      command: [findPython(), '-I', '-u', localFile('python', 'prefork.py')],
      env: { PATH: '/usr/bin:/bin', AWS_EC2_METADATA_DISABLED: 'true' },
      grace: 1,
      remove: [options.temporary],
      output,
      channel: true,
      cwd: options.cwd,
    });
    closeSync(output);
    if (kept.channel) createInterface({ input: kept.channel.answers }).on('line', hear);
    kept.process.once('exit', () => {
      for (const fork of pending.values()) {
        fork.started(0);
        fork.ended(LOST);
      }
      pending.clear();
    });
    return kept;
  };

  let kept = start();
  return {
    fork: (id, request) => {
      if (!kept.running()) kept = start();
      let registered: Pending = { started: () => {}, ended: () => {} };
      const pid = new Promise<number>((resolve) => {
        registered = { ...registered, started: resolve };
      });
      const ended = new Promise<ForkEnd>((resolve) => {
        registered = { ...registered, ended: resolve };
      });
      pending.set(id, registered);
      kept.channel?.requests.write(`${JSON.stringify({ id, ...request })}\n`);
      return { pid, ended };
    },
    end: () => kept.end(),
  };
};
