import { count, many, table } from '../shared/format.ts';
import type { ExplainedChange, Explanation } from './explain.ts';
import { itemFields, type Json, parseJson } from './item.ts';
import { datesBehind, kpiName } from './kpi.ts';
import { changeLines, fieldLines } from './render-fields.ts';
import type { SourceFile } from './sources.ts';

const moment = (instant: string): string => `${instant.slice(0, 19).replace('T', ' ')} UTC`;

const originLines = ({ origin, cause }: Explanation): string[] =>
  origin === null
    ? []
    : [
        '',
        'Computed',
        `  ${moment(origin.computed_at)}, generation ${origin.generation}, by run ${origin.run_id}`,
        `  with reference data ${origin.reference_version}`,
        `  cause: ${cause?.text ?? 'not known any more'}`,
      ];

const sourceLines = (dates: readonly string[], sources: readonly SourceFile[]): string[] => {
  if (sources.length === 0) return ['', 'No file has rows of it now'];
  const rowsTitle = (date: string): string => (dates.length > 1 ? `rows ${date}` : 'rows');
  return [
    '',
    `Computed from ${many(sources.length, 'file')}`,
    ...table(
      [
        { title: 'file', max: 60 },
        { title: 'version', right: true },
        { title: 'S3 version' },
        ...dates.map((date) => ({ title: rowsTitle(date), right: true })),
        { title: 'raw file', max: 160 },
      ],
      sources.map(({ key, version, version_id, rows, object }) => [
        key,
        String(version),
        version_id,
        ...dates.map((date) => count(rows[date] ?? 0)),
        object,
      ]),
      '  ',
    ),
  ];
};

const fieldValues = (fields: Record<string, unknown> | null): Record<string, Json> | null =>
  fields && Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, parseJson(value)]));

const changedFiles = ({ files }: ExplainedChange['head']): string =>
  files.map(({ key, version, why }) => `${key} version ${version}${why ? ` (${why})` : ''}`).join(', ');

const explainedLines = ({ head, change, cause }: ExplainedChange): string[] => {
  const { previous_reference_version: before, reference_version: after } = head;
  const details = [
    ...changeLines(fieldValues(change.old), fieldValues(change.new)),
    `cause: ${cause.text} (run ${head.run_id})`,
    ...(head.files.length > 0 ? [`files of the run in reach: ${changedFiles(head)}`] : []),
    ...(before === after ? [] : [`reference data ${before} → ${after}`]),
  ];
  return [
    `  ${moment(head.recorded_at)}, generation ${head.previous_generation} → ${head.generation}`,
    ...details.map((text) => `    ${text}`),
  ];
};

const historyLines = (changes: readonly ExplainedChange[]): string[] =>
  changes.length === 0
    ? ['', 'No change is recorded: the value is that of the first publication after its date ended']
    : ['', 'Changes, newest first', ...changes.flatMap(explainedLines)];

/** Renders an explanation for a person: value, run, files, history. */
export const explanationLines = (explanation: Explanation): string[] => {
  const { kpi, item, sources, changes } = explanation;
  return [
    kpiName(kpi),
    '',
    ...(item === null ? ['  the item has vanished'] : fieldLines(itemFields(kpi.metric, item))),
    ...originLines(explanation),
    ...sourceLines(datesBehind(kpi), sources),
    ...historyLines(changes),
  ];
};
