import { choosePlace } from '../src/domain/place.ts';

const FLOOR = { endpoint: 'http://127.0.0.1:4566', env: { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'floor' } };

test('the endpoint the environment names comes before the floor', () => {
  const place = choosePlace({ AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, FLOOR);
  expect(place).toMatchObject({ endpoint: 'http://127.0.0.1:9', env: { AWS_ACCESS_KEY_ID: 'test' } });
});

test('the floor comes before an account, and brings its own credentials', () => {
  const place = choosePlace({ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'mine' }, FLOOR);
  expect(place).toMatchObject({
    endpoint: FLOOR.endpoint,
    region: 'eu-central-1',
    env: { AWS_ACCESS_KEY_ID: 'floor' },
  });
});

test('AWS itself only where the environment has region and credentials', () => {
  expect(choosePlace({ AWS_REGION: 'eu-west-1', AWS_PROFILE: 'music' }, null)).toMatchObject({
    endpoint: null,
    origin: 'AWS',
  });
  expect(() => choosePlace({ AWS_REGION: 'eu-west-1' }, null)).toThrow('no pipeline to talk to');
  expect(() => choosePlace({}, null)).toThrow('no local floor is up');
});

test('bucket and table have names of their own', () => {
  const env = { ...FLOOR.env, MUSIC_ETL_BUCKET: 'b', MUSIC_ETL_TABLE: 't' };
  expect(choosePlace(env, FLOOR)).toMatchObject({ bucket: 'b', table: 't' });
});
