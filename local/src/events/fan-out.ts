import { setTimeout as sleep } from 'node:timers/promises';
import type { Rule, Target } from '@aws-sdk/client-eventbridge';
import type { BusEvent } from './event.ts';
import { targetInput } from './target-input.ts';

/** What EventBridge is asked and what its targets are told; an adapter speaks to the emulator. */
export type BusPorts = {
  listRules: () => Promise<readonly Rule[]>;
  matches: (pattern: string, event: BusEvent) => Promise<boolean>;
  listTargets: (rule: string) => Promise<readonly Target[]>;
  /** Hands the input to a target; throws where that fails. `rule` is whom the target's policy has to allow. */
  send: (target: Target, input: string, rule: Rule) => Promise<void>;
};

export type FanOut = {
  publish: (event: BusEvent) => void;
  /** Resolves when nothing is under way; retries are given up. */
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

/** Does for an event what EventBridge's default bus does: every matching rule, every target, at least once. */
export const createFanOut = ({ ports, log, retries = RETRIES, firstRetryMs = FIRST_RETRY_MS }: Deps): FanOut => {
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();

  /** Null, or why it failed. */
  const attempted = async (work: () => Promise<void>): Promise<string | null> => {
    try {
      await work();
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  const persist = async (what: string, work: () => Promise<void>): Promise<void> => {
    let reason = await attempted(work);
    if (reason !== null) log(`event delivery is retried (${what}): ${reason}`);
    for (let retry = 0; reason !== null && retry < retries && !stopping.signal.aborted; retry += 1) {
      const pause = Math.min(firstRetryMs * 2 ** retry, LAST_RETRY_MS);
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
      reason = await attempted(work);
    }
    if (reason !== null) log(`event not delivered (${what}): ${reason}`);
  };

  const toRule = async (rule: Rule, event: BusEvent): Promise<void> => {
    const targets = await ports.listTargets(rule.Name ?? '');
    const sent = targets.map((target) =>
      persist(`${rule.Name} to ${target.Arn}`, () => ports.send(target, targetInput(target, event), rule)),
    );
    await Promise.all(sent);
  };

  const deliver = (event: BusEvent): Promise<void> =>
    persist(`${event['detail-type']} ${event.id}`, async () => {
      const rules = await matching(ports, event);
      await Promise.all(rules.map((rule) => persist(`rule ${rule.Name}`, () => toRule(rule, event))));
    });

  return {
    publish: (event) => {
      const delivery = deliver(event);
      underWay.add(delivery);
      void delivery.then(() => underWay.delete(delivery));
    },
    end: async () => {
      stopping.abort();
      await Promise.all(underWay);
    },
  };
};
