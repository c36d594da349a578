import { contentVersion, currentVersion, type FileDocument } from '@music-etl/contracts';
import { compareUtf8 } from '../shared/order.ts';

/** A file whose rows are in the item. */
export interface SourceFile {
  key: string;
  /** The content's version, as an export shows it. */
  version: number;
  /** The replay that validated the rows; null: the content's first validation. */
  replay: { version: number; why: string } | null;
  version_id: string;
  /** Accepted rows on each date from which the item is computed. */
  rows: Record<string, number>;
  /** The key of the object that holds the raw file now. */
  object: string;
}

/** Lists the files whose current version has rows on the dates, by key. */
export const sourceFiles = (dates: readonly string[], files: readonly FileDocument[]): SourceFile[] =>
  files
    .flatMap((file): SourceFile[] => {
      const version = currentVersion(file);
      if (!version || dates.every((date) => !version.dates[date])) return [];
      return [
        {
          key: file.key,
          version: contentVersion(version),
          replay: version.replay && { version: version.version, why: version.replay.why },
          version_id: version.version_id,
          rows: Object.fromEntries(dates.map((date) => [date, version.dates[date] ?? 0])),
          object: version.archived_to ?? file.key,
        },
      ];
    })
    .sort((a, b) => compareUtf8(a.key, b.key));
