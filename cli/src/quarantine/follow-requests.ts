import type { Patience } from '../shared/pipeline/outcome.ts';
import type { Snapshot } from '../shared/pipeline/snapshot.ts';
import { watch } from '../shared/pipeline/watch.ts';
import type { Clock, Queues, Screen } from '../shared/ports.ts';
import { stageQueues } from '../shared/queue-names.ts';
import { outcomeLine, succeeded, totalLine } from './render-outcome.ts';
import { hasResult, outcomesOf, type SentRequest } from './request-outcome.ts';

export interface FollowDeps {
  queues: Pick<Queues, 'deadLetterMessages'>;
  look(): Promise<Snapshot>;
  screen: Screen;
  clock: Clock;
  patience: Patience;
}

/**
 * Takes snapshots, and reads ingest's DLQ as long as a request has no result: ingest sends impossible requests there,
 * with the error.
 */
const withRequestErrors = (deps: FollowDeps, sent: readonly SentRequest[], suffix: string) => {
  const errors = new Map<string, string>();
  const { dead } = stageQueues('ingest', suffix);
  const look = async (): Promise<Snapshot> => {
    const snapshot = await deps.look();
    if (sent.every((each) => hasResult(snapshot, each))) return snapshot;
    const messages = await deps.queues.deadLetterMessages(snapshot.queues.filter(({ name }) => name === dead));
    for (const { request, error } of messages) if (request) errors.set(request.request_id, error);
    return snapshot;
  };
  return { look, errors };
};

/**
 * Follows requests until each has an outcome, and prints the outcomes.
 * @returns true if every request succeeded
 */
export const followRequests = async (
  deps: FollowDeps,
  sent: readonly SentRequest[],
  before: Snapshot,
  suffix: string,
): Promise<boolean> => {
  const { screen, clock, patience } = deps;
  const { look, errors } = withRequestErrors(deps, sent, suffix);
  const { end: results } = await watch(
    { look, screen, clock },
    (snapshot, stillForMs) => outcomesOf({ snapshot, errors, stillForMs }, sent, patience),
    before,
  );
  screen.line('');
  for (const each of results) screen.line(outcomeLine(each));
  if (results.length > 1) screen.line(totalLine(results));
  return results.every(succeeded);
};
