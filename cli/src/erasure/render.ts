import { type ErasureResult, TABLE } from '@music-etl/contracts';
import { count, duration, many, table, wrap } from '../shared/format.ts';
import { rowsIn } from './erasure.ts';

const MOST_SHOWN = 50;

/** `archived/ 3, items of music_streaming_kpis 2` */
const objectWords = (objects: Readonly<Record<string, number>>): string =>
  Object.entries(objects)
    .filter(([, n]) => n > 0)
    .map(([prefix, n]) => `${prefix.endsWith('/') ? prefix : `items of ${prefix}`} ${count(n)}`)
    .join(', ');

const WIDTH = 100;

/** What an erasure found, for a person who is to decide. */
export const foundLines = (result: ErasureResult): string[] => {
  const { files, dates, objects } = result;
  return [
    `found ${many(rowsIn(result), 'row')} of the user in ${many(files.length, 'file')}${dates.length > 0 ? `, on ${many(dates.length, 'date')}` : ''}`,
    ...(files.length > 0
      ? table(
          [
            { title: 'file', max: 100 },
            { title: 'rows', right: true },
          ],
          files.slice(0, MOST_SHOWN).map(({ key, rows }) => [key, count(rows)]),
          '  ',
        )
      : []),
    ...(files.length > MOST_SHOWN ? [`  and ${many(files.length - MOST_SHOWN, 'more file')}`] : []),
    ...(dates.length > 0
      ? ['dates to compute again:', ...wrap(dates.join(', '), WIDTH).map((text) => `  ${text}`)]
      : []),
    ...(objectWords(objects)
      ? ['object versions that name the user:', ...wrap(objectWords(objects), WIDTH).map((text) => `  ${text}`)]
      : []),
  ];
};

/** What an erasure did. */
export interface ErasureSummary {
  erasure_id: string;
  /** SHA-256 of the user's id, hex. */
  user_digest: string;
  files: { key: string; rows: number; reprocessed: boolean }[];
  rows: number;
  dates: string[];
  items_removed: number;
  /** Prefix → object versions deleted or written anew. */
  objects: Record<string, number>;
  duration_ms: number;
  left: string[];
}

/** What no erasure of this pipeline can reach. */
export const LEFT_TO_THE_OWNER = [
  'reference/users/ and reference/snapshots/: users files and the snapshots made of them name the user and the country; put a users file without, and delete the older versions of both',
  `point-in-time backups of the table ${TABLE}: they go back 35 days at most, and then forget by themselves`,
  'copies elsewhere: exports, replicas and backups of the bucket, and the system that sent the files',
] as const;

/** The same for a person. */
export const erasedLines = (summary: ErasureSummary): string[] => {
  const { files, rows, dates, items_removed, objects } = summary;
  const again = files.filter(({ reprocessed }) => reprocessed).length;
  return [
    `erased in ${duration(summary.duration_ms)}: no listen of the user is left in bucket and table`,
    `  files    ${many(files.length, 'file')} rewritten without ${many(rows, 'row')}, ${count(again)} reprocessed`,
    ...wrap(dates.length > 0 ? dates.join(', ') : 'none', WIDTH - 11).map(
      (text, i) =>
        `  ${i === 0 ? 'dates    ' : '         '}${i === 0 ? `${many(dates.length, 'date')} computed again: ` : ''}${text}`,
    ),
    `  items    ${count(items_removed)} removed from the table`,
    ...wrap(objectWords(objects) || 'none', WIDTH - 11).map(
      (text, i) => `  ${i === 0 ? 'objects  ' : '         '}${i === 0 ? 'versions deleted for good: ' : ''}${text}`,
    ),
    'left to you',
    ...summary.left.map((text) => `  - ${text}`),
  ];
};
