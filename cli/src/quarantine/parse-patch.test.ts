import { parsePatch } from './parse-patch.ts';

const AT = { key: 'streams/a.csv', row: 3 };
const line = (changes: Record<string, unknown>): string => JSON.stringify({ ...AT, ...changes });

test('a patch has its line, its row and its values as text', () => {
  expect(parsePatch(line({ raw: 'u9,t1', fixed: { user_id: '26', ms_played: 30 } }), 7)).toEqual({
    kind: 'patch',
    patch: { ...AT, line: 7, raw: 'u9,t1', set: { user_id: '26', ms_played: '30' } },
  });
});

test('a patch without the text of its row has none to compare', () => {
  expect(parsePatch(line({ fixed: { user_id: '26' } }), 1)).toMatchObject({ patch: { raw: null } });
});

test('a line to which no one added new values leaves its row unchanged', () => {
  expect(parsePatch(line({ raw: 'u9,t1', reason: 'unknown_user' }), 1)).toEqual({ kind: 'unchanged' });
});

test.each([
  ['no json', 'line 4: not JSON'],
  ['[]', /^line 4: the line: /],
  [JSON.stringify({ key: 'streams/a.csv' }), /^line 4: row: /],
  [line({ row: 0 }), /^line 4: row: /],
  [line({ fixed: {} }), 'line 4, streams/a.csv row 3: fixed names no column'],
])('a line that is no patch is invalid: %s', (text, problem) => {
  const parsed = parsePatch(text, 4);
  expect(parsed).toEqual({ kind: 'invalid', problems: [expect.stringMatching(problem)] });
});
