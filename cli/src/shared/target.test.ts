import { chooseTarget } from './target.ts';

const STACK = {
  endpoint: 'http://127.0.0.1:4566',
  env: { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'stack' },
};

test('the endpoint that the environment names comes before the local stack', () => {
  const target = chooseTarget({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, STACK);
  expect(target).toMatchObject({ endpoint: 'http://127.0.0.1:9', env: { AWS_ACCESS_KEY_ID: 'test' } });
});

test('the local stack comes before an account and brings its own credentials', () => {
  const target = chooseTarget({ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'mine' }, STACK);
  expect(target).toMatchObject({
    endpoint: STACK.endpoint,
    region: 'eu-central-1',
    env: { AWS_ACCESS_KEY_ID: 'stack' },
  });
});

test('AWS is chosen only when the environment has a region and credentials', () => {
  expect(chooseTarget({ AWS_REGION: 'eu-west-1', AWS_PROFILE: 'music' }, null)).toMatchObject({
    endpoint: null,
    origin: 'AWS',
  });
  expect(() => chooseTarget({ AWS_REGION: 'eu-west-1' }, null)).toThrow('there is no target');
  expect(() => chooseTarget({}, null)).toThrow('no local stack is up');
});

test('the environment names bucket and table', () => {
  const env = { ...STACK.env, MUSIC_ETL_BUCKET: 'b', MUSIC_ETL_TABLE: 't' };
  expect(chooseTarget(env, STACK)).toMatchObject({ bucket: 'b', table: 't' });
});
