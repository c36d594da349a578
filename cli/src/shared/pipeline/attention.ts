import { fold } from '../format.ts';

/** Something that needs a person: its subject, what happened in a sentence, what to do. */
export interface Attention {
  about: string;
  state: string;
  sentence: string;
  todo: string;
  /** Commands to do it with. */
  commands?: readonly string[];
}

/** Makes one sentence on one line of any text. */
export const sentence = (text: string): string => {
  const line = text.trim().replace(/\s+/g, ' ');
  return /[.!?]$/.test(line) ? line : `${line}.`;
};

/** Renders an attention in several lines; its commands are not broken, so that they can be copied. */
export const attentionLines = ({ about, state, sentence, todo, commands = [] }: Attention): string[] => [
  ...fold(`${state.toUpperCase()} ${about}`),
  ...fold(sentence, 2),
  ...fold(`to do: ${todo}`, 2),
  ...commands.map((command) => `    ${command}`),
];
