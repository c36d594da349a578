import { fileChanges } from './file-changes.ts';
import { runChanges } from './run-changes.ts';
import type { Snapshot } from './snapshot.ts';

/** Describes what happened between two snapshots, a line each. */
export const changes = (before: Snapshot, after: Snapshot): string[] => [
  ...runChanges(before, after),
  ...fileChanges(before, after),
];
