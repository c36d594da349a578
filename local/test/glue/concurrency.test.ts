import { limitInTemplate } from '../../src/glue/concurrency.ts';

const template = (MaxConcurrentRuns: unknown) =>
  JSON.stringify({
    Parameters: { Most: { Type: 'Number', Default: 3 } },
    Resources: { Job: { Type: 'AWS::Glue::Job', Properties: { ExecutionProperty: { MaxConcurrentRuns } } } },
  });

it.each([
  ['a number', template(2), {}, 2],
  ['a number as text', template('4'), {}, 4],
  ['a parameter', template({ Ref: 'Most' }), { Most: '5' }, 5],
  ['a parameter’s default', template({ Ref: 'Most' }), {}, 3],
  ['something else', template({ 'Fn::ImportValue': 'most' }), {}, null],
  ['nothing', JSON.stringify({ Resources: { Job: {} } }), {}, null],
])('the concurrency limit in a template is read from %s', (_, body, parameters, limit) => {
  expect(limitInTemplate(body, 'Job', parameters)).toBe(limit);
});
