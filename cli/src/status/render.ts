import { countQuarantined } from '@music-etl/contracts';
import { clip, count, duration, many, reasons, WIDTH, wrap } from '../shared/format.ts';
import { dateLedgerWords, fileLedgerWords } from '../shared/ledgers.ts';
import { type Attention, attentionLines } from '../shared/pipeline/attention.ts';
import { shortRun } from '../shared/pipeline/run-id.ts';
import { stateWords } from '../shared/state-words.ts';
import type { Status } from './status.ts';

const LONGEST = 240;
const LABEL = 11;

const rows = (label: string, lines: readonly string[]): string[] =>
  lines.map((line, i) => (i === 0 ? label : '').padEnd(LABEL) + line);

const row = (label: string, text: string): string[] => rows(label, wrap(text, WIDTH - LABEL, ' '));
const listRow = (label: string, list: string): string[] => rows(label, wrap(list, WIDTH - LABEL));

const targetLines = ({ target }: Status): string[] => [
  ...row('target', `${target.endpoint ?? 'AWS'} (${target.origin})`),
  ...row('', `bucket ${target.bucket}, table ${target.table}`),
];

const referenceLines = ({ reference }: Status): string[] => {
  if (!reference) return row('reference', 'none yet');
  const { version, tracks, users, skipped_rows } = reference;
  const skipped = Object.values(skipped_rows).reduce((sum, n) => sum + n, 0);
  return [
    ...row('reference', `${version}: ${many(tracks, 'track')}, ${many(users, 'user')}`),
    ...(skipped > 0 ? listRow('', `${many(skipped, 'row')} cannot be used: ${reasons(skipped_rows)}`) : []),
  ];
};

const fileLines = ({ files, pending, replays }: Status): string[] => {
  const { ledger } = files;
  const states = Object.entries(files.by_state).map(([state, n]) => `${count(n)} ${stateWords(state)}`);
  return [
    ...row('files', `${count(files.total)}${states.length > 0 ? `: ${states.join(' · ')}` : ''}`),
    ...(pending > replays ? row('', `${many(pending - replays, 'arrival')} in no run yet`) : []),
    ...(replays > 0 ? row('', `${many(replays, 'file')} to be reprocessed, in no run yet`) : []),
    ...(ledger.read > 0 ? row('rows', fileLedgerWords(ledger)) : []),
    ...(countQuarantined(ledger) > 0 ? listRow('', `quarantined: ${reasons(ledger.quarantined)}`) : []),
  ];
};

const dateLines = ({ dates }: Status): string[] =>
  dates.total === 0
    ? row('dates', 'none yet')
    : [
        ...row('dates', `${count(dates.total)} from ${dates.first} to ${dates.last}`),
        ...row('', dateLedgerWords(dates)),
      ];

const runLines = ({ active }: Status, now: number): string[] => {
  const lines = active.map(({ stage, run_id, state, attempt, files, since }) => {
    const time = since ? `, ${duration(Math.max(0, now - Date.parse(since)))}` : '';
    const again = attempt > 1 ? `, attempt ${attempt}` : '';
    return `${shortRun(run_id)} at ${stage}: ${state ?? 'requested'}${time}${again}, ${many(files, 'file')}`;
  });
  return rows('runs', lines.length > 0 ? lines : ['none active']);
};

const queueLines = ({ queues }: Status): string[] => {
  const short = (name: string): string => name.replace(/^music-streaming-/, '');
  const depths = queues
    .filter(({ dead }) => !dead)
    .map(({ name, visible, in_flight, delayed }) => `${short(name)} ${visible + in_flight + delayed}`);
  const dead = queues.filter((queue) => queue.dead && queue.visible + queue.in_flight > 0);
  return [
    ...row('queues', depths.join(' · ') || 'none: nothing is deployed here'),
    ...rows('DLQs', dead.length > 0 ? dead.map((q) => `${q.visible + q.in_flight} in ${q.name}`) : ['empty']),
  ];
};

/** A dead stage takes one line, so that it can be found and passed on; --json has a long error as a whole. */
const lineOrLines = (attention: Attention): string[] => {
  const { about, state, sentence, todo } = attention;
  return state.startsWith('dead')
    ? [`${state.toUpperCase()} ${about}: ${clip(sentence, LONGEST)} To do: ${todo}`]
    : attentionLines(attention);
};

/** Renders `status` for a person. */
export const renderStatus = (status: Status, now: number): string[] => [
  ...targetLines(status),
  ...referenceLines(status),
  ...fileLines(status),
  ...dateLines(status),
  ...runLines(status, now),
  ...queueLines(status),
  ...status.imbalances.flatMap((text) => row('UNBALANCED', text)),
  ...status.attention.flatMap((attention) => ['', ...lineOrLines(attention)]),
];
