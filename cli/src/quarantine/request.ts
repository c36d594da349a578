import { contentVersion, type FileRequested, queueName } from '@music-etl/contracts';
import { queuesOf } from '../redrive/plan.ts';
import { UserError } from '../shared/errors.ts';
import { many } from '../shared/format.ts';
import type { SendMessage } from '../shared/operation-ports.ts';
import type { Clock, Objects, Queues, Screen } from '../shared/ports.ts';
import { quarantinedRows } from '../shared/versions.ts';
import type { Snapshot } from '../status/snapshot.ts';
import type { Patience } from '../status/verdict.ts';
import { watch } from '../status/watch.ts';
import { type Asked, endsOf, hasNoTrace } from './outcome.ts';
import { type FixedRow, fixLines } from './patches.ts';
import { askedLine, isGood, totalLine } from './render-outcome.ts';
import { requestOf, type Target } from './requests.ts';

export interface AskDeps {
  objects: Objects;
  queues: Queues;
  send: SendMessage;
  look(): Promise<Snapshot>;
  screen: Screen;
  clock: Clock;
  requestedBy: string;
  newId(): string;
  patience: Patience;
}

/** One file of which something is to be asked, perhaps with row patches. */
export interface ToAsk {
  target: Target;
  rows?: FixedRow[];
}

export interface AskOptions {
  action: FileRequested['action'];
  why: string;
  suffix: string;
  dryRun: boolean;
  wait: boolean;
}

const WORDS: Record<FileRequested['action'], string> = {
  replay: 'reprocess',
  release: 'release',
  reject: 'reject',
};

const NAMED = 50;

const planWords = ({ target: { file, version }, rows = [] }: ToAsk): string => {
  const rejected = version.ledger ? quarantinedRows(version.ledger) : 0;
  const patched = rows.length > 0 ? `, ${many(rows.length, 'row')} patched` : '';
  return `${file.key} version ${contentVersion(version)}, ${version.state}: ${many(rejected, 'quarantined row')}${patched}`;
};

const sayPlan = (screen: Screen, toAsk: readonly ToAsk[], { action, dryRun }: AskOptions): void => {
  for (const each of toAsk.slice(0, NAMED)) {
    screen.line(`${dryRun ? 'would ask' : 'asks'} ingest to ${WORDS[action]} ${planWords(each)}`);
  }
  if (toAsk.length > NAMED) screen.line(`and ${many(toAsk.length - NAMED, 'more file')}`);
};

/** Patched rows are there before the message that names them. */
const sendAll = async (deps: AskDeps, toAsk: readonly ToAsk[], options: AskOptions): Promise<Asked[]> => {
  const asked: Asked[] = [];
  for (const { target, rows = [] } of toAsk) {
    deps.screen.progress(`asking, ${asked.length} of ${toAsk.length}`);
    const asking = { why: options.why, requestedBy: deps.requestedBy, now: new Date(deps.clock.now()) };
    const request = requestOf(options.action, target, deps.newId(), asking, rows.length > 0);
    if (request.patches_key !== null) await deps.objects.write(request.patches_key, fixLines(rows));
    await deps.send(queueName('ingest') + options.suffix, request);
    asked.push({ request, before: target.version });
  }
  deps.screen.progress('');
  return asked;
};

/**
 * Looks as usual, and for requests without a trace into ingest's dead-letter queue: there it sends to the DLQ what it cannot do,
 * with the reason, whatever else is under way.
 */
const lookingForInDlq = (deps: AskDeps, asked: readonly Asked[], suffix: string) => {
  const inDlq = new Map<string, string>();
  const { dead } = queuesOf('ingest', suffix);
  const look = async (): Promise<Snapshot> => {
    const snapshot = await deps.look();
    if (!asked.some((each) => hasNoTrace(snapshot, each))) return snapshot;
    const letters = await deps.queues.letters(snapshot.queues.filter(({ name }) => name === dead));
    for (const { request, error } of letters) if (request) inDlq.set(request.request_id, error);
    return snapshot;
  };
  return { look, inDlq };
};

const follow = async (deps: AskDeps, asked: readonly Asked[], before: Snapshot, suffix: string): Promise<boolean> => {
  const { screen, clock, patience } = deps;
  const { look, inDlq } = lookingForInDlq(deps, asked, suffix);
  const { end: ends } = await watch(
    { look, screen, clock },
    (snapshot, stillForMs) => endsOf({ snapshot, inDlq, stillForMs }, asked, patience),
    before,
  );
  screen.line('');
  ends.forEach((each, i) => {
    const one = asked[i];
    if (one) screen.line(askedLine(one, each));
  });
  if (asked.length > 1) screen.line(totalLine(asked, ends));
  return asked.every((each, i) => isGood(each, ends[i] ?? { kind: 'open' }));
};

/**
 * Sends ingest a person's word on files, and follows until they have come to rest.
 * @returns whether all of it led where it was to lead.
 */
export const ask = async (deps: AskDeps, toAsk: readonly ToAsk[], options: AskOptions): Promise<boolean> => {
  const { screen } = deps;
  if (toAsk.length === 0) throw new UserError('there is nothing to ask for', null, 1);
  sayPlan(screen, toAsk, options);
  if (options.dryRun) {
    screen.line('dry run: nothing was asked for');
    return true;
  }
  const before = await deps.look();
  const asked = await sendAll(deps, toAsk, options);
  if (!options.wait) {
    screen.line('asked for; npx music-etl status --watch shows how it goes on');
    return true;
  }
  return follow(deps, asked, before, options.suffix);
};
