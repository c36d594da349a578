import { countEqual } from '../shared/count-equal.ts';
import { count, fold, many, reasons, WIDTH, wrap } from '../shared/format.ts';
import { addLedgers, fileLedgerWords } from '../shared/ledgers.ts';
import { attentionLines } from '../shared/pipeline/attention.ts';
import { stateWords } from '../shared/state-words.ts';
import { isGoodEnd, type RunReport } from './run-report.ts';

const OUTCOMES: Record<RunReport['outcome'], string> = {
  terminal: 'every file has reached a terminal state',
  dead: 'a stage was given up',
  waiting: 'files wait for reference data that never came',
  stalled: 'nothing has changed for too long',
  going: 'interrupted',
};
const MOST_ATTENTION = 20;

const statesOf = (files: RunReport['files']): string =>
  reasons(Object.fromEntries(countEqual(files.map(({ state }) => stateWords(state)))));

const rowLine = ({ files }: RunReport): string => {
  const ledgers = files.map(({ quarantined, ...ledger }) => ({ ...ledger, quarantined: { rows: quarantined } }));
  return `rows: ${fileLedgerWords(addLedgers(ledgers))}`;
};

const balanceLines = ({ outcome, imbalances }: RunReport): string[] => {
  if (outcome !== 'terminal') return [];
  if (imbalances.length === 0) return ['ledgers: all of them balance'];
  return [`ledgers: ${imbalances.length} do NOT balance`, ...imbalances.map((text) => `  ${text}`)];
};

const needsLines = ({ attention }: RunReport): string[] => {
  const more = attention.length - MOST_ATTENTION;
  return [...attention.slice(0, MOST_ATTENTION).flatMap(attentionLines), ...(more > 0 ? [`… and ${more} more`] : [])];
};

const stalledLines = ({ outcome, files }: RunReport): string[] =>
  outcome === 'stalled'
    ? files.flatMap(({ key, state }) => (isGoodEnd(state) ? [] : [`  ${key}: still ${stateWords(state)}`]))
    : [];

const exportLines = ({ exported }: RunReport): string[] => {
  if (!exported) return ['nothing was exported'];
  const files = Object.entries(exported.lines).map(([name, lines]) => `${name} ${count(lines)}`);
  return [
    `exported to ${exported.out}, in lines:`,
    ...wrap(files.join(', '), WIDTH - 2).map((text) => `  ${text}`),
    ...exported.incomplete.map((date) => `  ${date} is NOT complete in the table`),
  ];
};

const faultLines = ({ faults }: RunReport): string[] =>
  faults
    ? [
        ...wrap(`injected: ${reasons(faults.injected)}`, WIDTH),
        `recovered with ${many(faults.attempts, 'attempt')} beyond the first of each stage`,
      ]
    : [];

/** Renders how a run ended, for a person. */
export const renderRun = (report: RunReport): string[] => [
  '',
  `${OUTCOMES[report.outcome]}: ${many(report.files.length, 'file')} (${statesOf(report.files)})`,
  ...fold(rowLine(report)),
  `dates: ${report.dates.length} with accepted rows`,
  ...balanceLines(report),
  ...needsLines(report),
  ...stalledLines(report),
  ...exportLines(report),
  ...faultLines(report),
  ...wrap(
    `time: ${Object.entries(report.seconds)
      .map(([step, seconds]) => `${step} ${seconds} s`)
      .join(', ')}`,
    WIDTH,
  ),
];
