import { setTimeout as sleep } from 'node:timers/promises';
import { processesNaming } from './processes.ts';

const send = (pids: readonly number[], signal: 'SIGSTOP' | 'SIGKILL'): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself.
    }
  }
};

/**
 * Ends every process of a local stack at one moment, as a power cut does: the local stack, its supervisors, the emulator, functions and
 * jobs. They are stopped first, so that none of them sees another end and tidies up.
 */
export const cutPower = async (stateDir: string): Promise<void> => {
  for (;;) {
    const pids = processesNaming(stateDir);
    if (pids.length === 0) return;
    send(pids, 'SIGSTOP');
    send(pids, 'SIGKILL');
    await sleep(50);
  }
};
