import { count, many, table } from '../shared/format.ts';
import { askedWords, datesBehind } from './number.ts';
import { fieldsOf, type Json, parseJson } from './number-item.ts';
import type { Cause, Explanation, LoggedCause, SourceFile } from './number-sources.ts';
import { changeLines, fieldLines } from './render-fields.ts';

const moment = (instant: string): string => `${instant.slice(0, 19).replace('T', ' ')} UTC`;

const computedLines = ({ head, cause }: Explanation): string[] =>
  head === null
    ? []
    : [
        '',
        'Computed',
        `  ${moment(head.computed_at)}, generation ${head.generation}, by run ${head.run_id}`,
        `  with reference data ${head.reference_version}`,
        `  because of ${cause?.text ?? 'what is not known any more'}`,
      ];

const sourceLines = (dates: readonly string[], sources: readonly SourceFile[]): string[] => {
  if (sources.length === 0) return ['', 'No file has rows behind it now'];
  const several = dates.length > 1;
  return [
    '',
    `Computed from ${many(sources.length, 'file')}`,
    ...table(
      [
        { title: 'file', max: 60 },
        { title: 'version', right: true },
        { title: 'S3 version' },
        ...dates.map((date) => ({ title: several ? `rows ${date}` : 'rows', right: true })),
        { title: 'its raw file lies at', max: 160 },
      ],
      sources.map(({ key, version, version_id, rows, lies_at }) => [
        key,
        String(version),
        version_id,
        ...dates.map((date) => count(rows[date] ?? 0)),
        lies_at,
      ]),
      '  ',
    ),
    ...(sources.some(({ rows }) => Object.values(rows).every((n) => n === 0))
      ? ['  (a file without rows holds copies of them on other dates, by event id)']
      : []),
  ];
};

const recordOf = (fields: Record<string, unknown> | null): Record<string, Json> | null =>
  fields && Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, parseJson(value)]));

const filesWords = ({ files }: LoggedCause['head']): string[] =>
  files.length === 0
    ? []
    : [
        `files in reach: ${files.map(({ key, version, why }) => `${key} version ${version}${why ? ` (${why})` : ''}`).join(', ')}`,
      ];

const loggedLines = ({ head, change, cause }: LoggedCause): string[] => [
  `  ${moment(head.recorded_at)}, generation ${head.previous_generation} → ${head.generation}`,
  ...[
    ...changeLines(recordOf(change.old), recordOf(change.new)),
    `because of ${cause.text} (run ${head.run_id})`,
    ...filesWords(head),
    ...(head.reference_version === head.previous_reference_version
      ? []
      : [`reference data ${head.previous_reference_version} → ${head.reference_version}`]),
  ].map((text) => `    ${text}`),
];

const historyLines = (changes: readonly LoggedCause[]): string[] =>
  changes.length === 0
    ? ['', 'No change is recorded: the number is what it was when its date was over and first published']
    : ['', 'How it came to be, newest first', ...changes.flatMap(loggedLines)];

/** Where a number comes from, for a person. */
export const renderNumber = (explanation: Explanation): string[] => {
  const { asked, item, sources, changes } = explanation;
  return [
    askedWords(asked),
    '',
    ...(item === null ? ['  there is no such item any more'] : fieldLines(fieldsOf(asked.metric, item))),
    ...computedLines(explanation),
    ...sourceLines(datesBehind(asked), sources),
    ...historyLines(changes),
  ];
};

const causeJson = (cause: Cause | null) => cause && { kind: cause.kind, text: cause.text, files: cause.files };

/** The same for machines. */
export const numberJson = ({ asked, item, head, header, cause, sources, changes }: Explanation) => ({
  metric: asked.metric.name,
  dimension: asked.dimension,
  period: asked.period,
  date: asked.date,
  item: item && fieldsOf(asked.metric, item),
  generation: head?.generation ?? null,
  computed_at: head?.computed_at ?? null,
  run_id: head?.run_id ?? null,
  reference_version: head?.reference_version ?? null,
  cause: causeJson(cause),
  date_ledger: header.ledger,
  files: sources,
  changes: changes.map((logged) => ({
    recorded_at: logged.head.recorded_at,
    generation: logged.head.generation,
    previous_generation: logged.head.previous_generation,
    run_id: logged.head.run_id,
    cause: causeJson(logged.cause),
    files: logged.head.files,
    reference_version: logged.head.reference_version,
    previous_reference_version: logged.head.previous_reference_version,
    old: logged.change.old,
    new: logged.change.new,
  })),
});
