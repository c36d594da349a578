import type { RunDocument } from '@music-etl/contracts';
import { keyWords } from '../shared/format.ts';
import { compareUtf8 } from '../shared/order.ts';

/** Why a run was created: an arrival, a replay, or a person's request. */
export interface Cause {
  kind: 'arrival' | 'replay' | 'backfill' | 'unknown';
  text: string;
  files: { key: string; version: number; why: string | null }[];
}

/** Returns the cause of a run; `unknown` if its document is gone. */
export const causeOf = (run: RunDocument | null): Cause => {
  if (run === null) return { kind: 'unknown', text: 'the document of that run is gone', files: [] };
  if (run.dates.length > 0) return { kind: 'backfill', text: `backfill: ${run.why ?? 'no reason given'}`, files: [] };
  const files = run.files
    .map(({ key, version, replay }) => ({ key, version, why: replay?.why ?? null }))
    .sort((a, b) => compareUtf8(a.key, b.key));
  const keysWith = (reason: string | null): string =>
    keyWords(files.flatMap(({ key, why }) => (why === reason ? key : [])));
  const reasons = [...new Set(files.flatMap(({ why }) => why ?? []))];
  const arrived = files.some(({ why }) => why === null);
  const text = [
    ...(arrived ? [`arrival of ${keysWith(null)}`] : []),
    ...reasons.map((why) => `${keysWith(why)} reprocessed: ${why}`),
    ...(run.reference_changed ? ['new reference data'] : []),
  ].join('; ');
  return { kind: !arrived && reasons.length > 0 ? 'replay' : 'arrival', text: text || 'no file', files };
};
