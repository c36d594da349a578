import { shellWord } from './format.ts';

/** Lists the commands that show why a file is on hold, release it, or reject it. */
export const holdCommands = (key: string): string[] => [
  `npx music-etl quarantine show --file ${shellWord(key)}`,
  `npx music-etl quarantine release ${shellWord(key)} --why '…'`,
  `npx music-etl quarantine reject ${shellWord(key)} --why '…'`,
];
