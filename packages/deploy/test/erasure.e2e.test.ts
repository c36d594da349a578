import { ERASURE_JOB } from '@music-etl/contracts';
import { packageService, propertiesOf, type Resource, statementsOf } from './package-service.ts';

let resources: readonly Resource[] = [];
beforeAll(async () => {
  ({ resources } = await packageService('archive'));
}, 120_000);

const properties = (id: string) => propertiesOf(resources, id);
const statements = () => statementsOf(resources.filter(({ id }) => id === 'ErasureRole'));

describe('the deployed erasure job', () => {
  test('runs one at a time under its own role, from the same scripts as the other jobs', () => {
    expect(properties('ErasureJob')).toMatchObject({
      Name: ERASURE_JOB,
      Role: { 'Fn::GetAtt': ['ErasureRole', 'Arn'] },
      GlueVersion: '5.1',
      MaxRetries: 0,
      ExecutionProperty: { MaxConcurrentRuns: 1 },
    });
    expect(properties('ErasureRole').RoleName).toBe('AWSGlueServiceRole-MusicStreamingErasure');
    const [script, others] = ['ErasureJob', 'Job'].map((id) => String(Object(properties(id).Command).ScriptLocation));
    expect(script).toBe(others?.replace('/archive_job.py', '/erasure_job.py'));
  });

  test('has no argument that names the user, since anybody can read arguments', () => {
    const names = Object.keys(Object(properties('ErasureJob').DefaultArguments));
    expect(names.filter((name) => name.includes('user'))).toEqual([]);
  });

  test('has no access to reference data', () => {
    const resourcesOfRole = statements().flatMap(({ Resource }) => [Resource].flat().map(String));
    expect(resourcesOfRole.filter((resource) => resource.includes('reference/'))).toEqual([]);
    expect(resourcesOfRole).not.toContain('arn:aws:s3:::music-streaming-analyses-bucket/*');
  });

  test('deletes object versions only, never the newest by its key', () => {
    const actions = statements().flatMap(({ Action }) => [Action].flat());
    expect(actions).toContain('s3:DeleteObjectVersion');
    expect(actions).not.toContain('s3:DeleteObject');
  });
});
