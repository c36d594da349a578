import { chooseTarget } from './target.ts';

const LOCAL_STACK = {
  endpoint: 'http://127.0.0.1:4566',
  env: { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'localStack' },
};

test('the endpoint the environment names comes before the local stack', () => {
  const target = chooseTarget({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, LOCAL_STACK);
  expect(target).toMatchObject({ endpoint: 'http://127.0.0.1:9', env: { AWS_ACCESS_KEY_ID: 'test' } });
});

test('the local stack comes before an account, and brings its own credentials', () => {
  const target = chooseTarget({ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'mine' }, LOCAL_STACK);
  expect(target).toMatchObject({
    endpoint: LOCAL_STACK.endpoint,
    region: 'eu-central-1',
    env: { AWS_ACCESS_KEY_ID: 'localStack' },
  });
});

test('AWS itself only where the environment has region and credentials', () => {
  expect(chooseTarget({ AWS_REGION: 'eu-west-1', AWS_PROFILE: 'music' }, null)).toMatchObject({
    endpoint: null,
    origin: 'AWS',
  });
  expect(() => chooseTarget({ AWS_REGION: 'eu-west-1' }, null)).toThrow('no pipeline to talk to');
  expect(() => chooseTarget({}, null)).toThrow('no local localStack is up');
});

test('bucket and table have names of their own', () => {
  const env = { ...LOCAL_STACK.env, MUSIC_ETL_BUCKET: 'b', MUSIC_ETL_TABLE: 't' };
  expect(chooseTarget(env, LOCAL_STACK)).toMatchObject({ bucket: 'b', table: 't' });
});
