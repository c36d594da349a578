/** Counts the injected faults by kind, for the report at the end of a run. */
export type FaultCounter = {
  readonly add: (kind: string) => void;
  readonly counts: () => Readonly<Record<string, number>>;
};

export const createFaultCounter = (): FaultCounter => {
  const counts = new Map<string, number>();
  return {
    add: (kind) => void counts.set(kind, (counts.get(kind) ?? 0) + 1),
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
};
