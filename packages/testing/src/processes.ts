import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const read = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

const workingDirectory = (pid: string): string => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
};

/** Returns the pids of processes whose command, working directory or environment has `text` (Linux only). */
export const processesNaming = (text: string): number[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) =>
      [read(`/proc/${pid}/cmdline`), read(`/proc/${pid}/environ`), workingDirectory(pid)].some((found) =>
        found.includes(text),
      ),
    )
    .map(Number);

/** Returns true if a process has ended. A killed process loses its memory, and with it its name, a while before. */
export const hasEnded = (pid: number): boolean => {
  const stat = read(`/proc/${pid}/stat`);
  return stat === '' || 'ZX'.includes(stat.slice(stat.lastIndexOf(')') + 2)[0] ?? '');
};
