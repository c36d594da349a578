import {
  type Change,
  type ChangeHead,
  contentVersion,
  type DateDocument,
  type FileDocument,
  type RunDocument,
} from '@music-etl/contracts';
import type { Item } from '../export/export-lines.ts';
import type { DateHeader } from '../shared/date-headers.ts';
import { many } from '../shared/format.ts';
import { compareUtf8 } from '../shared/order.ts';
import { currentVersion } from '../shared/versions.ts';
import type { Asked } from './number.ts';
import type { ItemHead } from './number-item.ts';

/** A file whose rows went into a number. */
export interface SourceFile {
  key: string;
  /** Counts contents; `validation` counts validations of them. */
  version: number;
  validation: number;
  version_id: string;
  /** Rows accepted, by the dates the number is computed from. 0: copies of such rows lie in it, on other dates. */
  rows: Record<string, number>;
  /** Where the raw file lies now. */
  lies_at: string;
}

/** Why a run was: what arrived, what was to be reprocessed, what a person asked for. */
export interface Cause {
  kind: 'arrival' | 'replay' | 'backfill' | 'unknown';
  text: string;
  files: { key: string; version: number; why: string | null }[];
}

/** An entry of the change log, the head it stands under, and why that run was. */
export interface LoggedCause {
  head: ChangeHead;
  change: Change;
  cause: Cause;
}

/** Where a number comes from. */
export interface Explanation {
  asked: Asked;
  /** null: there is no such item any more, but the change log tells of one. */
  item: Item | null;
  head: ItemHead | null;
  header: DateHeader;
  cause: Cause | null;
  sources: SourceFile[];
  /** Newest first. */
  changes: LoggedCause[];
}

/** The standing versions of files with rows on the dates, or named by the dates' documents. */
export const sourcesOf = (
  dates: readonly string[],
  documents: readonly DateDocument[],
  files: readonly FileDocument[],
): SourceFile[] => {
  const named = new Set(documents.flatMap((document) => document.files));
  return files
    .flatMap((file) => {
      const version = currentVersion(file);
      if (!version) return [];
      const rows = Object.fromEntries(dates.map((date) => [date, version.dates[date] ?? 0]));
      const hasRows = Object.values(rows).some((n) => n > 0);
      if (!hasRows && !named.has(file.file_id)) return [];
      return [
        {
          key: file.key,
          version: contentVersion(version),
          validation: version.version,
          version_id: version.version_id,
          rows,
          lies_at: version.archived_to ?? file.key,
        },
      ];
    })
    .sort((a, b) => compareUtf8(a.key, b.key));
};

const NAMED = 3;

const keyWords = (keys: readonly string[]): string => {
  const more = keys.length - NAMED;
  return keys.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${many(more, 'more file')}` : '');
};

/** Why a run was formed; `unknown` where its document is gone. */
export const causeOf = (run: RunDocument | null): Cause => {
  if (run === null) return { kind: 'unknown', text: 'the document of that run is gone', files: [] };
  if (run.dates.length > 0) return { kind: 'backfill', text: `backfill: ${run.why ?? 'no reason given'}`, files: [] };
  const files = run.files
    .map(({ key, version, replay }) => ({ key, version, why: replay?.why ?? null }))
    .sort((a, b) => compareUtf8(a.key, b.key));
  const arrived = files.filter(({ why }) => why === null).map(({ key }) => key);
  const whys = [...new Set(files.flatMap(({ why }) => (why === null ? [] : [why])))];
  const replayed = whys.map((why) => {
    const keys = files.filter((file) => file.why === why).map(({ key }) => key);
    return `${keyWords(keys)} reprocessed: ${why}`;
  });
  const arrival = arrived.length > 0 ? [`arrival of ${keyWords(arrived)}`] : [];
  const reference = run.reference_changed ? ['new reference data'] : [];
  const text = [...arrival, ...replayed, ...reference].join('; ') || 'no file';
  return { kind: arrived.length === 0 && whys.length > 0 ? 'replay' : 'arrival', text, files };
};
