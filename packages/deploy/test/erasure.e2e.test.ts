import { ERASURE_JOB } from '@music-etl/contracts';
import { packageService, type Resource, statementsOf } from './package-service.ts';

let resources: Resource[] = [];
beforeAll(async () => {
  ({ resources } = await packageService('archive'));
}, 120_000);

const properties = (id: string): Record<string, unknown> =>
  resources.find((resource) => resource.id === id)?.properties ?? {};
const statements = () => statementsOf(resources.filter(({ id }) => id === 'ErasureRole'));

describe('the job that erases a user, as it is deployed', () => {
  test('runs one at a time under its own role, from the same scripts as the others', () => {
    expect(properties('ErasureJob')).toMatchObject({
      Name: ERASURE_JOB,
      Role: { 'Fn::GetAtt': ['ErasureRole', 'Arn'] },
      GlueVersion: '5.1',
      MaxRetries: 0,
      ExecutionProperty: { MaxConcurrentRuns: 1 },
    });
    expect(properties('ErasureRole').RoleName).toBe('AWSGlueServiceRole-MusicStreamingErasure');
    const [script, others] = ['ErasureJob', 'Job'].map((id) => String(Object(properties(id).Command).ScriptLocation));
    expect(script).toBe(others?.replace('/archive.py', '/erasure.py'));
  });

  test('takes the user from no argument that anybody could read', () => {
    const names = Object.keys(Object(properties('ErasureJob').DefaultArguments));
    expect(names.filter((name) => name.includes('user'))).toEqual([]);
  });

  test('may not touch reference data, which is its owner’s to change', () => {
    const touched = statements().flatMap(({ Resource }) => [Resource].flat().map(String));
    expect(touched.filter((resource) => resource.includes('reference/'))).toEqual([]);
    expect(touched).not.toContain('arn:aws:s3:::music-streaming-analyses-bucket/*');
  });

  test('deletes versions only, never what is newest by its name', () => {
    const actions = statements().flatMap(({ Action }) => [Action].flat());
    expect(actions).toContain('s3:DeleteObjectVersion');
    expect(actions).not.toContain('s3:DeleteObject');
  });
});
