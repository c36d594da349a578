import { count } from './format.ts';

const LONGEST = 500;
/** Characters that control a terminal or reverse the direction of its text. */
const CONTROL = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const spelled = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Cuts a text of a file and spells out its control characters, so that a terminal can show it.
 * @example printable('a\tb') // 'a\\u0009b'
 */
export const printable = (text: string): string => {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}… (of ${count(text.length)} characters)` : text;
  return cut.replace(CONTROL, spelled);
};
