import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded, processesNaming } from './processes.ts';

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
 * Ends every process of a local stack at one moment, as a power cut does: the stack, its supervisors, the emulator,
 * functions and jobs. It stops all of them first, so that none sees the end of another and cleans up.
 */
export const cutPower = async (stateDir: string): Promise<void> => {
  const killed = new Set<number>();
  for (;;) {
    const pids = processesNaming(stateDir);
    send(pids, 'SIGSTOP');
    send(pids, 'SIGKILL');
    for (const pid of pids) killed.add(pid);
    if (pids.length === 0 && [...killed].every(hasEnded)) return;
    await sleep(50);
  }
};
