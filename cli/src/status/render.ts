import { clip, count, duration, many, reasons, wrap } from '../shared/format.ts';
import { shortRun } from '../shared/pipeline/changes.ts';
import type { Attention } from '../shared/pipeline/file-attention.ts';
import { quarantinedRows } from '../shared/versions.ts';
import type { Status } from './status.ts';

const LONGEST = 240;

const row = (label: string, text: string): string => `${label.padEnd(10)} ${text}`;

const fileLines = ({ files, pending, replays }: Status): string[] => {
  const { ledger } = files;
  const states = Object.entries(files.by_state).map(([state, n]) => `${count(n)} ${state}`);
  const lines = [row('files', `${count(files.total)}${states.length > 0 ? `: ${states.join(' · ')}` : ''}`)];
  if (pending > replays) lines.push(row('', `${many(pending - replays, 'arrival')} in no run yet`));
  if (replays > 0) lines.push(row('', `${many(replays, 'file')} to be reprocessed, in no run yet`));
  if (ledger.read > 0) {
    const rejected = quarantinedRows(ledger);
    lines.push(
      row(
        'rows',
        `${count(ledger.read)} read = ${count(ledger.accepted)} accepted + ${count(rejected)} quarantined + ${count(ledger.duplicate)} duplicate`,
      ),
    );
    if (rejected > 0)
      lines.push(...wrap(`quarantined: ${reasons(ledger.quarantined)}`, 88).map((text) => row('', text)));
  }
  return lines;
};

const dateLines = ({ dates }: Status): string[] =>
  dates.total === 0
    ? [row('dates', 'none yet')]
    : [
        row('dates', `${count(dates.total)} from ${dates.first} to ${dates.last}`),
        row(
          '',
          `${count(dates.accepted)} accepted = ${count(dates.counted)} counted + ${count(dates.skipped)} skipped + ${count(dates.duplicate)} duplicate across files`,
        ),
      ];

const activeLines = ({ active }: Status, now: number): string[] =>
  active.length === 0
    ? [row('runs', 'none under way')]
    : active.map(({ stage, run_id, state, attempt, files, since }, i) => {
        const time = since ? `, ${duration(Math.max(0, now - Date.parse(since)))}` : '';
        const again = attempt > 1 ? `, attempt ${attempt}` : '';
        return row(
          i === 0 ? 'runs' : '',
          `${shortRun(run_id)} at ${stage}: ${state ?? 'on its way'}${time}${again}, ${many(files, 'file')}`,
        );
      });

const queueLines = ({ queues }: Status): string[] => {
  const live = queues.filter(({ dead }) => !dead);
  const letters = queues.filter((queue) => queue.dead && queue.visible + queue.in_flight > 0);
  const short = (name: string): string => name.replace(/^music-streaming-/, '');
  const depth = live.map(({ name, visible, in_flight, delayed }) => `${short(name)} ${visible + in_flight + delayed}`);
  return [
    row('queues', depth.join(' · ') || 'none: nothing is deployed here'),
    row(
      'letters',
      letters.length === 0
        ? 'no dead letters'
        : letters.map((q) => `${q.visible + q.in_flight} in ${q.name}`).join(' · '),
    ),
  ];
};

/** The dead in one line, to be found and passed on as it is; a long error is in --json as a whole. */
const attentionLines = ({ about, state, sentence, todo, commands = [] }: Attention): string[] =>
  state.startsWith('dead')
    ? [`${state.toUpperCase()} ${about}: ${clip(sentence, LONGEST)} To do: ${todo}`]
    : [
        `${state.toUpperCase()} ${about}`,
        `  ${sentence}`,
        `  to do: ${todo}`,
        ...commands.map((command) => `    ${command}`),
      ];

/** `status` for a person. */
export const renderStatus = (status: Status, now: number): string[] => {
  const { target, reference } = status;
  return [
    row('target', `${target.endpoint ?? 'AWS'} (${target.origin}) · ${target.bucket} · ${target.table}`),
    row(
      'reference',
      reference
        ? `${reference.version}: ${many(reference.tracks, 'track')}, ${many(reference.users, 'user')}`
        : 'none yet',
    ),
    ...fileLines(status),
    ...dateLines(status),
    ...activeLines(status, now),
    ...queueLines(status),
    ...status.imbalances.map((text, i) => row(i === 0 ? 'UNBALANCED' : '', text)),
    ...status.attention.flatMap((attention) => ['', ...attentionLines(attention)]),
  ];
};
