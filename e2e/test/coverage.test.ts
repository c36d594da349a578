import { type RoleStatement, unusedPartsOf } from '../src/coverage.ts';

const statement = (sid: string, actions: string[], resources: string[]): RoleStatement => ({
  role: 'role',
  policy: 'policy',
  sid,
  actions,
  resources,
});

describe('the unused parts of a role', () => {
  const put = { action: 's3:PutObject', resource: 'arn:aws:s3:::b/a/1' };

  test('are the actions and resource entries that no request needed', () => {
    const write = statement('Write', ['s3:PutObject', 's3:GetObject'], ['arn:aws:s3:::b/a/*', 'arn:aws:s3:::b/c/*']);
    expect(unusedPartsOf([write], [put]).map(({ part }) => part)).toEqual(['s3:GetObject', 'arn:aws:s3:::b/c/*']);
  });

  test('include both of two statements that allow the same', () => {
    const [one, two] = [statement('One', ['s3:*'], ['*']), statement('Two', ['s3:PutObject'], ['arn:aws:s3:::b/a/*'])];
    expect(unusedPartsOf([one, two], [put])).toHaveLength(4);
  });
});
