import type { Rule, Target } from '@aws-sdk/client-eventbridge';
import { type BusPorts, createFanOut } from '../../src/events/fan-out.ts';
import { EVENT } from '../support/event.ts';

const rule = (Name: string, more: Partial<Rule> = {}): Rule => ({
  Name,
  EventPattern: Name,
  State: 'ENABLED',
  ...more,
});

const setup = (rules: Rule[], targets: Record<string, Target[]>, failures = 0) => {
  const sent: string[] = [];
  let left = failures;
  const ports: BusPorts = {
    listRules: async () => rules,
    matches: async (pattern) => pattern !== 'no match',
    listTargets: async (name) => targets[name] ?? [],
    send: async (target, input) => {
      left -= 1;
      if (left >= 0) throw new Error('not now');
      sent.push(`${target.Id}: ${input}`);
    },
  };
  const fanOut = createFanOut({ ports, log: () => {}, firstRetryMs: 1, retries: 3 });
  return { fanOut, sent };
};

const deliveries = () => new Promise((resolve) => setTimeout(resolve, 40));

describe('a state change', () => {
  it('has the form of Glue’s own event, without arguments', () => {
    expect(EVENT).toEqual({
      version: '0',
      id: 'e-1',
      'detail-type': 'Glue Job State Change',
      source: 'aws.glue',
      account: '000000000000',
      time: '1970-01-01T00:00:01Z',
      region: 'us-east-1',
      resources: [],
      detail: { jobName: 'a_job', severity: 'ERROR', state: 'FAILED', jobRunId: 'jr_1', message: 'ValueError: no' },
    });
  });

  it('goes to every target of every enabled rule that matches', async () => {
    const rules = [rule('r1'), rule('r2'), rule('off', { State: 'DISABLED' }), rule('no match'), { Name: 'schedule' }];
    const target = (Id: string): Target => ({ Id, Arn: Id, Input: Id });
    const targets = {
      r1: [target('a'), target('b')],
      r2: [target('c')],
      off: [target('d')],
      'no match': [target('e')],
    };
    const { fanOut, sent } = setup(rules, targets);
    fanOut.publish(EVENT);
    await deliveries();
    expect(sent.sort()).toEqual(['a: a', 'b: b', 'c: c']);
  });

  it('is delivered again if a target fails, and dropped after its retries', async () => {
    const rules = [rule('r1')];
    const targets = { r1: [{ Id: 'a', Arn: 'a', Input: 'x' }] };
    const recovers = setup(rules, targets, 2);
    recovers.fanOut.publish(EVENT);
    const broken = setup(rules, targets, 100);
    broken.fanOut.publish(EVENT);
    await deliveries();
    expect(recovers.sent).toEqual(['a: x']);
    expect(broken.sent).toEqual([]);
  });
});
