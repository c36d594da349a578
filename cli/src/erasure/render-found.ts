import type { ErasureResult } from '@music-etl/contracts';
import { count, many, table, wrap } from '../shared/format.ts';
import { userRows } from './result.ts';

const MOST_LISTED = 50;
const WIDTH = 100;

/** `archived/ 3, items of music_streaming_kpis 2` */
export const objectWords = (objects: Readonly<Record<string, number>>): string =>
  Object.entries(objects)
    .filter(([, n]) => n > 0)
    .map(([prefix, n]) => `${prefix.endsWith('/') ? prefix : `items of ${prefix}`} ${count(n)}`)
    .join(', ');

const fileLines = (files: ErasureResult['files']): string[] =>
  files.length === 0
    ? []
    : [
        ...table(
          [
            { title: 'file', max: 100 },
            { title: 'rows', right: true },
          ],
          files.slice(0, MOST_LISTED).map(({ key, rows }) => [key, count(rows)]),
          '  ',
        ),
        ...(files.length > MOST_LISTED ? [`  and ${many(files.length - MOST_LISTED, 'more file')}`] : []),
      ];

const listLines = (title: string, list: string): string[] =>
  list === '' ? [] : [title, ...wrap(list, WIDTH).map((text) => `  ${text}`)];

/** Renders what was found of a user: files with rows, dates, and object versions. */
export const foundLines = (result: ErasureResult): string[] => {
  const { files, dates, objects } = result;
  const onDates = dates.length > 0 ? `, on ${many(dates.length, 'date')}` : '';
  return [
    `found ${many(userRows(result), 'row')} of the user in ${many(files.length, 'file')}${onDates}`,
    ...fileLines(files),
    ...listLines('dates to recompute:', dates.join(', ')),
    ...listLines('object versions that name the user:', objectWords(objects)),
  ];
};
