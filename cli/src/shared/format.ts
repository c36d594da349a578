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

/** Cuts a text to a width, with an ellipsis. */
export const clip = (text: string, width: number): string =>
  widthOf(text) <= width ? text : `${[...text].slice(0, width - 1).join('')}…`;

/** Keeps the end, which tells file names apart. */
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

/** A plain table: a heading, a rule, rows; columns as wide as their content, two spaces apart. */
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

/** A text as one word of a command to be copied into a shell. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** Breaks a list at its commas into lines of at most `width`. */
export const wrap = (list: string, width: number): string[] => {
  const lines: string[] = [];
  for (const item of list.split(', ')) {
    const line = lines.at(-1);
    if (line !== undefined && widthOf(line) + widthOf(item) + 3 <= width) lines[lines.length - 1] = `${line}, ${item}`;
    else lines.push(item);
  }
  return lines.map((line, i) => (i < lines.length - 1 ? `${line},` : line));
};
