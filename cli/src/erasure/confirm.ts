import { createInterface } from 'node:readline/promises';

/** Prompts on the terminal; anything but yes is a no, the end of the input too. */
export const confirm = async (question: string): Promise<boolean> => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // While a question is open, readline handles Ctrl-C.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    // It rejects if the input ends without an answer.
    const answer = await terminal.question(`${question} [y/N] `).catch(() => '');
    return /^\s*y(es)?\s*$/i.test(answer);
  } finally {
    terminal.close();
  }
};
