import type { FileState, FileVersion } from './documents/file.ts';

type States = readonly FileState[];

/** A run processes the version, or will. */
const UNFINISHED: States = ['pending', 'running', 'waiting'];
/** The rows count, as long as no later version counts. */
const COUNTING: States = ['validated', 'archived'];
/** Nobody needs the raw file under streams/ any more. A person may still correct one on hold or rejected. */
const ARCHIVABLE: States = [...COUNTING, 'superseded'];
/** The version stays as it is, until a person requests something or a later version counts. */
const TERMINAL: States = ['archived', 'held', 'rejected', 'superseded'];

/** The sets that Python has too, see glue-scripts/contracts/file_states.py. */
export const FILE_STATE_SETS = { unfinished: UNFINISHED, counting: COUNTING, archivable: ARCHIVABLE };

type HasState = Pick<FileVersion, 'state'>;

/** Returns whether a run processes a version, or will. */
export const isUnfinished = ({ state }: HasState): boolean => UNFINISHED.includes(state);

/** Returns whether the rows of a version count, as long as no later version does. */
export const counts = ({ state }: HasState): boolean => COUNTING.includes(state);

/** Returns whether a version stays as it is, until a person requests something or a later version counts. */
export const isTerminal = ({ state }: HasState): boolean => TERMINAL.includes(state);
