import { count, many, reasons, wrap } from '../shared/format.ts';
import type { RunReport } from './run-report.ts';

const ENDS: Record<RunReport['verdict'], string> = {
  terminal: 'every file came to rest',
  dead: 'a stage gave up',
  waiting: 'files wait for reference data that never came',
  stalled: 'nothing has moved for too long',
  going: 'interrupted',
};

const statesOf = (files: RunReport['files']): string => {
  const states: Record<string, number> = {};
  for (const { state } of files) states[state] = (states[state] ?? 0) + 1;
  return reasons(states);
};

const exportLines = (exported: RunReport['exported']): string[] => {
  if (!exported) return ['nothing was exported'];
  const files = Object.entries(exported.lines).map(([name, lines]) => `${name} ${count(lines)}`);
  return [
    `exported to ${exported.out}, in lines:`,
    ...wrap(files.join(', '), 90).map((text) => `  ${text}`),
    ...exported.incomplete.map((date) => `  ${date} is NOT complete in the table`),
  ];
};

const faultLines = ({ faults }: RunReport): string[] =>
  faults
    ? [
        `injected: ${reasons(faults.injected)}`,
        `recovered with ${many(faults.attempts, 'attempt')} beyond the first of each stage`,
      ]
    : [];

/** How a run ended, for a person. */
export const renderRun = (report: RunReport): string[] => {
  const sum = (of: 'read' | 'accepted' | 'quarantined' | 'duplicate'): number =>
    report.files.reduce((total, file) => total + file[of], 0);
  const nonTerminal = report.files.filter(({ state }) => !['archived', 'held', 'rejected'].includes(state));
  const times = Object.entries(report.seconds).map(([what, seconds]) => `${what} ${seconds} s`);
  const { exported } = report;
  return [
    '',
    `${ENDS[report.verdict]}: ${many(report.files.length, 'file')} (${statesOf(report.files)})`,
    `rows: ${count(sum('read'))} read = ${count(sum('accepted'))} accepted + ${count(sum('quarantined'))} quarantined + ${count(sum('duplicate'))} duplicate`,
    `dates: ${report.dates.length} with accepted rows`,
    ...(report.verdict === 'terminal'
      ? [
          report.imbalances.length === 0
            ? 'ledgers: all of them balance'
            : `ledgers: ${report.imbalances.length} do NOT balance`,
        ]
      : []),
    ...report.imbalances.map((text) => `  ${text}`),
    ...report.attention
      .slice(0, 20)
      .flatMap(({ about, state, sentence, todo }) => [
        `${state.toUpperCase()} ${about}`,
        `  ${sentence}`,
        `  to do: ${todo}`,
      ]),
    ...(report.attention.length > 20 ? [`… and ${report.attention.length - 20} more`] : []),
    ...(report.verdict === 'stalled' ? nonTerminal.map(({ key, state }) => `  ${key}: still ${state}`) : []),
    ...exportLines(exported),
    ...faultLines(report),
    `time: ${times.join(', ')}`,
  ];
};
