import type { Rule, Target } from '@aws-sdk/client-eventbridge';
import { glueStateChange } from '../src/events/event.ts';
import { type BusPorts, createFanOut } from '../src/events/fan-out.ts';
import { allowsEventBridge } from '../src/events/policy.ts';
import { targetInput } from '../src/events/target-input.ts';
import type { Run } from '../src/glue/run.ts';

const RUN: Run = {
  Id: 'jr_1',
  JobName: 'a_job',
  Attempt: 0,
  Arguments: { '--run_id': 'R' },
  Timeout: 60,
  JobRunState: 'FAILED',
  StartedOn: 0,
  LastModifiedOn: 1,
  CompletedOn: 1,
  ErrorMessage: 'ValueError: no',
};
const EVENT = glueStateChange(RUN, { id: 'e-1', account: '000000000000', region: 'us-east-1', at: 1_500 });

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

const terminal = () => new Promise((resolve) => setTimeout(resolve, 40));

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
    await terminal();
    expect(sent.sort()).toEqual(['a: a', 'b: b', 'c: c']);
  });

  it('is delivered again where a target fails, and given up after its retries', async () => {
    const rules = [rule('r1')];
    const targets = { r1: [{ Id: 'a', Arn: 'a', Input: 'x' }] };
    const recovers = setup(rules, targets, 2);
    recovers.fanOut.publish(EVENT);
    const broken = setup(rules, targets, 100);
    broken.fanOut.publish(EVENT);
    await terminal();
    expect(recovers.sent).toEqual(['a: x']);
    expect(broken.sent).toEqual([]);
  });
});

describe('what a target receives', () => {
  it.each<[string, Partial<Target>, string]>([
    ['the whole event', {}, JSON.stringify(EVENT)],
    ['its constant input', { Input: '{"a":1}' }, '{"a":1}'],
    ['a part of the event', { InputPath: '$.detail.state' }, '"FAILED"'],
    [
      'its template, filled in',
      { InputTransformer: { InputPathsMap: { job: '$.detail.jobName' }, InputTemplate: '{"job":"<job>","x":"<y>"}' } },
      '{"job":"a_job","x":"<y>"}',
    ],
  ])('is %s', (_, target, input) => {
    expect(targetInput({ Id: 't', Arn: 'arn', ...target }, EVENT)).toBe(input);
  });
});

describe('a target’s policy', () => {
  const policy = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const allow = { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'lambda:InvokeFunction' };
  const ruleArn = 'arn:aws:events:us-east-1:000000000000:rule/r1';

  it.each([
    ['no policy', undefined, false],
    ['an allowed principal', policy(allow), true],
    ['its rule', policy({ ...allow, Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:events:*:*:rule/r1' } } }), true],
    ['another rule', policy({ ...allow, Condition: { ArnEquals: { 'aws:SourceArn': `${ruleArn}0` } } }), false],
    ['another service', policy({ ...allow, Principal: { Service: 's3.amazonaws.com' } }), false],
    ['another action', policy({ ...allow, Action: ['lambda:GetFunction'] }), false],
  ])('with %s decides whether EventBridge may', (_, document, expected) => {
    expect(allowsEventBridge(document, 'lambda:InvokeFunction', ruleArn)).toBe(expected);
  });
});
