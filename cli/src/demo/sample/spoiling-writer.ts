import { DEFECTS, type Defect, spoiltLine } from './defects.ts';
import { LAYOUTS } from './layouts.ts';
import type { Listen } from './listening.ts';
import type { Source } from './people.ts';
import type { Chance } from './random.ts';

const WRONG = 0.01;
const REPEATED = 0.002;
/** Of the repeated rows, those that come again in the source's next file. */
const LATE = 0.3;

/** Counts per defect, all 0. */
const noDefects = (): Record<Defect, number> => ({
  malformed_row: 0,
  missing_field: 0,
  too_long: 0,
  bad_timestamp: 0,
  timestamp_out_of_range: 0,
  bad_number: 0,
  unknown_user: 0,
  unknown_track: 0,
});

/** Writes the lines of files, some of them wrong, some twice, and counts them. */
export class SpoilingWriter {
  readonly quarantined = noDefects();
  /** Duplicates within a file, and of rows of an earlier file. */
  readonly repeated = { within: 0, across: 0 };
  rows = 0;
  readonly #late = new Map<Source, string[]>();
  #turn = 0;

  constructor(private readonly chance: Chance) {}

  /** Writes the lines of a source's next file. */
  lines(source: Source, listens: readonly Listen[]): string[] {
    const lines = [...(this.#late.get(source) ?? [])];
    this.repeated.across += lines.length;
    const late: string[] = [];
    for (const [i, listen] of listens.entries()) lines.push(...this.#linesOf(source, listen, i, late));
    this.#late.set(source, late);
    this.rows += lines.length;
    return lines;
  }

  #linesOf(source: Source, listen: Listen, number: number, late: string[]): string[] {
    const layout = LAYOUTS[source];
    const row = layout.row(listen, number);
    if (this.chance.happens(WRONG)) {
      const defect = DEFECTS[this.#turn++ % DEFECTS.length] ?? 'malformed_row';
      this.quarantined[defect] += 1;
      return [spoiltLine(defect, row, layout, this.chance)];
    }
    const line = layout.line(row);
    if (!this.chance.happens(REPEATED)) return [line];
    if (this.chance.happens(LATE)) {
      late.push(line);
      return [line];
    }
    this.repeated.within += 1;
    return [line, line];
  }
}
