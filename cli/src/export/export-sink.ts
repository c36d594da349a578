import type { Line } from './export-lines.ts';

/** Where an export goes: nothing of it is seen before `commit`. */
export interface ExportSink {
  /** Writes a file of lines and returns their number. */
  write(name: string, lines: AsyncIterable<string>): Promise<number>;
  sorted(lines: AsyncIterable<Line>): AsyncIterable<string>;
  commit(): Promise<void>;
  abandon(): Promise<void>;
}
