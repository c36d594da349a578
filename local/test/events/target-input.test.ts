import type { Target } from '@aws-sdk/client-eventbridge';
import { targetInput } from '../../src/events/target-input.ts';
import { EVENT } from '../support/event.ts';

describe('the input of a target', () => {
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
