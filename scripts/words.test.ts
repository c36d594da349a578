import { longSentences, replacedWord, successor } from './words.mjs';

test.each([
  ['the local floor is up', 'floor'],
  ['const judgedRows = 1', 'judged'],
  ['const rowsJudged = 1', 'Judged'],
  ['test_a_file_is_refused', 'refused'],
  ['It is at rest.', 'at rest'],
])('a replaced word is found: %s', (line, word) => {
  expect(replacedWord(line)).toBe(word);
  expect(successor(word)).not.toBe('');
});

test.each(['Math.floor(3.5)', 'connect ECONNREFUSED 127.0.0.1', 'prejudice', 'an amended note', "alias('refuse')"])(
  'what only looks like one, or is allowed, is left alone: %s',
  (line) => {
    expect(replacedWord(line.replace('flooring'))).toBeNull();
  },
);

test('a sentence of more than 34 words is found, unless it is code or a table', () => {
  const long = Array.from({ length: 35 }, () => 'word').join(' ');
  expect(longSentences(`${long}.\n\nShort.`)).toEqual([`${long}.`]);
  expect(longSentences(`\`\`\`\n${long}\n\`\`\`\n| ${long} |\n`)).toEqual([]);
});
