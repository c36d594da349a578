import { readFileSync } from 'node:fs';

const withoutIndent = (block: string): string => {
  const indent = /^ */.exec(block)?.[0] ?? '';
  return block.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
};

/** Indents the lines of a block by one level. */
export const indented = (block: string): string => block.replaceAll(/^(?=.)/gm, '  ');

/** Returns the code blocks of one language under a heading of the second level of docs/extend.md. */
export const blocks = (heading: string, language: string): string[] => {
  const page = readFileSync('docs/extend.md', 'utf8');
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0];
  if (section === undefined) throw new Error(`docs/extend.md has no heading "${heading}"`);
  const fenced = new RegExp(`^ *\`\`\`${language}\n(.*?)^ *\`\`\`$`, 'gms');
  return [...section.matchAll(fenced)].map(([, block = '']) => withoutIndent(block));
};
