/** The width of a terminal that all output is at home in. */
export const WIDTH = 80;

const SEPARATED = /\B(?=(\d{3})+(?!\d))/g;

/** 1234567 → `1,234,567` */
export const count = (n: number): string => String(n).replace(SEPARATED, ',');

/** `1 file`, `3 files` */
export const many = (n: number, one: string, several = `${one}s`): string => `${count(n)} ${n === 1 ? one : several}`;

/** 61_500 → `1:01` */
export const clock = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

/** 900 → `0.9 s`; 61_500 → `1 min 1 s`; 7_260_000 → `2 h 1 min` */
export const duration = (ms: number): string => {
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1000)} s`;
  return `${count(Math.floor(minutes / 60))} h ${minutes % 60} min`;
};

const COMBINING = /\p{M}/gu;
const widthOf = (text: string): number => [...text.replace(COMBINING, '')].length;

/** Cuts the end of a text that is wider than `width`. */
export const clip = (text: string, width: number): string =>
  widthOf(text) <= width ? text : `${[...text].slice(0, width - 1).join('')}…`;

/** Cuts the beginning: file names differ at their ends. */
export const clipLeft = (text: string, width: number): string =>
  widthOf(text) <= width ? text : `…${[...text].slice(-(width - 1)).join('')}`;

const pad = (text: string, width: number, right: boolean): string => {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? space + text : text + space;
};

export interface Column {
  title: string;
  right?: boolean;
  max?: number;
}

/** Renders a table: a heading, a rule, rows. Columns are as wide as their content, two blanks apart. */
export const table = (columns: readonly Column[], rows: readonly (readonly string[])[], indent = ''): string[] => {
  const cells = rows.map((row) => columns.map(({ max }, i) => clip(row[i] ?? '', max ?? 80)));
  const widths = columns.map(({ title }, i) => Math.max(widthOf(title), ...cells.map((row) => widthOf(row[i] ?? ''))));
  const line = (row: readonly string[]): string =>
    (indent + row.map((text, i) => pad(text, widths[i] ?? 0, columns[i]?.right ?? false)).join('  ')).trimEnd();
  return [
    line(columns.map(({ title }) => title)),
    indent + widths.map((width) => '─'.repeat(width)).join('  '),
    ...cells.map(line),
  ];
};

/** `12 unknown_track, 3 bad_number`, most first. */
export const reasons = (quarantined: Readonly<Record<string, number>>): string =>
  Object.entries(quarantined)
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .map(([reason, rows]) => `${count(rows)} ${reason}`)
    .join(', ');

/** Quotes a text as one word of a shell command. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/**
 * Breaks a text at its separators into lines of at most `width`.
 * @example wrap('12 rock, 3 pop', 10) // ['12 rock,', '3 pop']
 */
export const wrap = (text: string, width: number, separator = ', '): string[] => {
  const lines: string[] = [];
  const end = separator.trimEnd();
  for (const item of text.split(separator)) {
    const longer = lines.length > 0 ? `${lines.at(-1)}${separator}${item}` : item;
    if (lines.length > 0 && widthOf(longer) + end.length <= width) lines[lines.length - 1] = longer;
    else lines.push(item);
  }
  return lines.map((line, i) => (i < lines.length - 1 ? line + end : line));
};

/** Breaks a text at its blanks into lines that fit a terminal, with an indent of so many blanks. */
export const fold = (text: string, indent = 0): string[] =>
  wrap(text, WIDTH - indent, ' ').map((line) => ' '.repeat(indent) + line);

const NAMED = 3;

/** `a.csv, b.csv, c.csv and 4 more files` */
export const keyWords = (keys: readonly string[]): string => {
  const more = keys.length - NAMED;
  return keys.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${many(more, 'more file')}` : '');
};
