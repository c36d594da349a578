import { shellWord } from '../shared/format.ts';

/** What to type to see why a file is held, and to let it go, one way or the other. */
export const heldCommands = (key: string): string[] => [
  `npx music-etl quarantine show --file ${shellWord(key)}`,
  `npx music-etl quarantine release ${shellWord(key)} --why '…'`,
  `npx music-etl quarantine reject ${shellWord(key)} --why '…'`,
];
