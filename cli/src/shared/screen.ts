import type { WriteStream } from 'node:tty';
import { clip, WIDTH } from './format.ts';
import type { Screen } from './ports.ts';

const PLAIN_EVERY_MS = 10_000;
const ERASE = '\r\u001b[2K';

/**
 * Opens a stream to print on. A terminal shows progress in one refreshed line below the others; elsewhere a progress
 * line is printed when nothing else was printed for ten seconds.
 */
export const openScreen = (stream: WriteStream | NodeJS.WriteStream, now: () => number = Date.now): Screen => {
  const terminal = stream.isTTY === true;
  let shown = false;
  let lastAt = now();
  const refresh = (text: string): void => {
    if (text !== '') stream.write(ERASE + clip(text, (stream.columns ?? WIDTH) - 1));
    else if (shown) stream.write(ERASE);
    shown = text !== '';
  };
  return {
    line: (text) => {
      stream.write(`${shown ? ERASE : ''}${text}\n`);
      shown = false;
      lastAt = now();
    },
    progress: (text) => {
      if (terminal) refresh(text);
      else if (text !== '' && now() - lastAt >= PLAIN_EVERY_MS) {
        stream.write(`  ${text}\n`);
        lastAt = now();
      }
    },
  };
};
