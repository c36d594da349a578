/** Returns the end of a run's id, which is enough to distinguish the runs of an hour. */
export const shortRun = (runId: string): string => runId.slice(-8);
