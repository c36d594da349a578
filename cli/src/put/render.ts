import { WIDTH, wrap } from '../shared/format.ts';
import { printable } from '../shared/printable.ts';
import type { Upload } from './upload.ts';

const MOST_NAMED = 12;
const INDENT = '        ';

const ignoredLines = (columns: readonly string[]): string[] => {
  if (columns.length === 0) return [];
  const more = columns.length - MOST_NAMED;
  const named = columns.slice(0, MOST_NAMED).map(printable).join(', ');
  return wrap(`ignored columns: ${named}${more > 0 ? ` and ${more} more` : ''}`, WIDTH - INDENT.length);
};

/** Renders an upload: where it went, on two lines if one is too short; its ignored columns; whether it is a repeat. */
export const uploadLines = (
  { kind, path, key }: Upload,
  bucket: string,
  ignored: readonly string[],
  repeat: readonly string[] | null,
): string[] => {
  const [from, to] = [`${kind.padEnd(6)}  ${path}`, `→ s3://${bucket}/${key}`];
  const details = [...ignoredLines(ignored), ...(repeat ?? [])].map((line) => INDENT + line);
  return [...(from.length + to.length < WIDTH ? [`${from} ${to}`] : [from, INDENT + to]), ...details];
};
