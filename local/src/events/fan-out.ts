import { setTimeout as sleep } from 'node:timers/promises';
import type { Rule, Target } from '@aws-sdk/client-eventbridge';
import { errorText } from '../error-text.ts';
import type { BusEvent } from './event.ts';
import { targetInput } from './target-input.ts';

/** The requests to EventBridge and to its targets; an adapter makes them to the emulator. */
export type BusPorts = {
  listRules: () => Promise<readonly Rule[]>;
  matches: (pattern: string, event: BusEvent) => Promise<boolean>;
  listTargets: (rule: string) => Promise<readonly Target[]>;
  /** Delivers the input to a target, whose policy must allow `rule`. Throws if that fails. */
  send: (target: Target, input: string, rule: Rule) => Promise<void>;
};

export type FanOut = {
  publish: (event: BusEvent) => void;
  /** Stops retrying; resolves when no delivery is in progress. */
  end: () => Promise<void>;
};

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 10_000;
const RETRIES = 12;

type Deps = { ports: BusPorts; log: (line: string) => void; retries?: number; firstRetryMs?: number };

const matching = async (ports: BusPorts, event: BusEvent): Promise<Rule[]> => {
  const rules = (await ports.listRules()).filter((rule) => rule.State !== 'DISABLED' && rule.EventPattern);
  const matches = await Promise.all(rules.map((rule) => ports.matches(rule.EventPattern ?? '', event)));
  return rules.filter((_, i) => matches[i]);
};

/** Returns null, or the reason of the failure. */
const attempt = async (work: () => Promise<void>): Promise<string | null> => {
  try {
    await work();
    return null;
  } catch (error) {
    return errorText(error);
  }
};

type Retry = (what: string, work: () => Promise<void>) => Promise<void>;

/** Returns a function that repeats failed work with growing pauses, until `stop` is aborted. */
const retrying =
  ({ log, retries = RETRIES, firstRetryMs = FIRST_RETRY_MS }: Deps, stop: AbortSignal): Retry =>
  async (what, work) => {
    let reason = await attempt(work);
    if (reason !== null) log(`event delivery is retried (${what}): ${reason}`);
    for (let retry = 0; reason !== null && retry < retries && !stop.aborted; retry += 1) {
      const pause = Math.min(firstRetryMs * 2 ** retry, LAST_RETRY_MS);
      await sleep(pause, undefined, { signal: stop }).catch(() => {});
      reason = await attempt(work);
    }
    if (reason !== null) log(`event not delivered (${what}): ${reason}`);
  };

/** Delivers events as EventBridge's default bus does: to every target of every matching rule, at least once. */
export const createFanOut = (deps: Deps): FanOut => {
  const { ports } = deps;
  const inProgress = new Set<Promise<void>>();
  const stopping = new AbortController();
  const withRetries = retrying(deps, stopping.signal);

  const toRule = async (rule: Rule, event: BusEvent): Promise<void> => {
    const targets = await ports.listTargets(rule.Name ?? '');
    const sent = targets.map((target) =>
      withRetries(`${rule.Name} to ${target.Arn}`, () => ports.send(target, targetInput(target, event), rule)),
    );
    await Promise.all(sent);
  };

  const deliver = (event: BusEvent): Promise<void> =>
    withRetries(`${event['detail-type']} ${event.id}`, async () => {
      const rules = await matching(ports, event);
      await Promise.all(rules.map((rule) => withRetries(`rule ${rule.Name}`, () => toRule(rule, event))));
    });

  return {
    publish: (event) => {
      const delivery = deliver(event);
      inProgress.add(delivery);
      void delivery.then(() => inProgress.delete(delivery));
    },
    end: async () => {
      stopping.abort();
      await Promise.all(inProgress);
    },
  };
};
