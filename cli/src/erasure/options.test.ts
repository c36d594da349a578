import { forgetCommand, parseUser } from './options.ts';

test('the id is quoted where a shell would split it, and an empty id is an error', () => {
  expect(forgetCommand({ user_id: "o'neil 7" }, '-test')).toBe(
    "npx music-etl forget-user 'o'\\''neil 7' --suffix=-test",
  );
  expect(parseUser(' 26 ')).toBe('26');
  expect(() => parseUser('  ')).toThrow('the id of the user is empty');
});
