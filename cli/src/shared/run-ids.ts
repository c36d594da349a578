/**
 * Names a run, a backfill or an erasure: sorts by time, unique by chance (eight hex digits).
 * @example newRunId(new Date('2026-11-23T10:05:02.123Z'), '9f86d081') // '20261123T100502123-9f86d081'
 */
export const newRunId = (now: Date, chance: string): string => `${now.toISOString().replace(/[-:.Z]/g, '')}-${chance}`;
