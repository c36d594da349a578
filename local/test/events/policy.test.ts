import { allowsEventBridge } from '../../src/events/policy.ts';

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
  ])('with %s allows or denies EventBridge', (_, document, expected) => {
    expect(allowsEventBridge(document, 'lambda:InvokeFunction', ruleArn)).toBe(expected);
  });
});
