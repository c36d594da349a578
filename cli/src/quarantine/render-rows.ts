import { printable } from '../shared/printable.ts';
import type { QuarantinedRow } from '../shared/quarantined-rows.ts';
import { stateWords } from '../shared/state-words.ts';
import type { QuarantinedVersion } from './quarantined-version.ts';

/** Says when rows were reprocessed, and why. */
export const replayWords = ({ requested_at, why }: { requested_at: string; why: string }): string =>
  `${requested_at.slice(0, 10)}: ${printable(why)}`;

/** Renders the heading above a version's rows. */
export const versionHeading = ({ key, version, state, replay }: QuarantinedVersion): string =>
  `${key} version ${version}, ${stateWords(state)}${replay ? `, reprocessed ${replayWords(replay)}` : ''}`;

/** Renders one quarantined row: position, reason and detail, then its text. */
export const rowLines = ({ row, reason, detail, raw }: QuarantinedRow): string[] => [
  `  row ${row ?? '?'}  ${reason}${detail ? `  ${printable(detail)}` : ''}`,
  `    ${raw === null ? '(no raw text)' : printable(raw)}`,
];
