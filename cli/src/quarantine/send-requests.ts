import { contentVersion, countQuarantined, queueName } from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';
import { many } from '../shared/format.ts';
import type { Objects, Screen, SendMessage } from '../shared/ports.ts';
import { stateWords } from '../shared/state-words.ts';
import { type FollowDeps, followRequests } from './follow-requests.ts';
import { type Action, createRequest, type PlannedRequest, patchLines } from './request.ts';
import type { SentRequest } from './request-outcome.ts';

export interface RequestDeps extends FollowDeps {
  objects: Pick<Objects, 'write'>;
  send: SendMessage;
  requestedBy: string;
  newId(): string;
}

export interface RequestOptions {
  action: Action;
  why: string;
  suffix: string;
  dryRun: boolean;
  wait: boolean;
}

const VERBS: Record<Action, string> = { replay: 'reprocess', release: 'release', reject: 'reject' };
const MOST_LISTED = 50;

const planWords = ({ key, version, patches = [] }: PlannedRequest): string => {
  const rows = version.ledger ? countQuarantined(version.ledger) : 0;
  const patched = patches.length > 0 ? `, ${many(patches.length, 'row')} patched` : '';
  const state = stateWords(version.state);
  return `${key} version ${contentVersion(version)} (${state}): ${many(rows, 'quarantined row')}${patched}`;
};

const listPlan = (screen: Screen, planned: readonly PlannedRequest[], action: Action): void => {
  for (const each of planned.slice(0, MOST_LISTED)) screen.line(`${VERBS[action]} ${planWords(each)}`);
  if (planned.length > MOST_LISTED) screen.line(`and ${many(planned.length - MOST_LISTED, 'more file')}`);
};

/** Sends the requests. Patches are written before the message that names them. */
const sendAll = async (
  deps: RequestDeps,
  planned: readonly PlannedRequest[],
  { action, why, suffix }: RequestOptions,
): Promise<SentRequest[]> => {
  const sent: SentRequest[] = [];
  for (const each of planned) {
    deps.screen.progress(`sending requests, ${sent.length} of ${planned.length}`);
    const requester = { why, requestedBy: deps.requestedBy, now: new Date(deps.clock.now()) };
    const request = createRequest(action, each, deps.newId(), requester);
    if (request.patches_key !== null) await deps.objects.write(request.patches_key, patchLines(each.patches ?? []));
    await deps.send(queueName('ingest') + suffix, request);
    sent.push({ request, before: each.version });
  }
  deps.screen.progress('');
  return sent;
};

/**
 * Sends requests to ingest, and follows them until every file is in a terminal state.
 * @returns true if every request succeeded
 */
export const sendRequests = async (
  deps: RequestDeps,
  planned: readonly PlannedRequest[],
  options: RequestOptions,
): Promise<boolean> => {
  const { screen } = deps;
  if (planned.length === 0) throw new UserError('there is no file to send a request for', null, 1);
  listPlan(screen, planned, options.action);
  if (options.dryRun) {
    screen.line('dry run: no request was sent');
    return true;
  }
  const before = await deps.look();
  const sent = await sendAll(deps, planned, options);
  if (!options.wait) {
    screen.line(`${many(sent.length, 'request')} sent; npx music-etl status --watch shows the progress`);
    return true;
  }
  return followRequests(deps, sent, before, options.suffix);
};
