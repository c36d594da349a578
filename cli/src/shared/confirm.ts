import { createInterface } from 'node:readline/promises';

/** Asks on the terminal; anything but yes is no, the end of the input too. */
export const confirm = async (question: string): Promise<boolean> => {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // The terminal takes Ctrl-C for itself while a question is open.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    // Closed unanswered, it rejects.
    const answer = await terminal.question(`${question} [y/N] `).catch(() => '');
    return /^\s*y(es)?\s*$/i.test(answer);
  } finally {
    terminal.close();
  }
};
