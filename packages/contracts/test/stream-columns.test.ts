import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STREAM_COLUMNS } from '../src/index.ts';

test('no two columns share a name or an alias', () => {
  const names = STREAM_COLUMNS.flatMap(({ name, aliases }) => [name, ...aliases.map((alias) => alias.name)]);
  expect(new Set(names).size).toBe(names.length);
});

test('every text has a largest size and every integer a largest value', () => {
  for (const { type, max_bytes, max } of STREAM_COLUMNS) {
    expect([max_bytes !== null, max !== null]).toEqual([type === 'text', type === 'integer']);
  }
});

test('exactly user, track and time are required', () => {
  const required = STREAM_COLUMNS.filter((column) => column.required).map(({ name }) => name);
  expect(required).toEqual(['user_id', 'track_id', 'listen_time']);
});

test('docs/kpis.md has the same columns in its table', () => {
  const table = STREAM_COLUMNS.map(({ name, aliases, required, description }) => {
    const others = aliases.map((alias) => (alias.unit === null ? alias.name : `${alias.name} (${alias.unit})`));
    return `| ${[name, others.join(', '), required ? 'yes' : 'no', description].join(' | ')} |`.replace('|  |', '| |');
  });
  const text = readFileSync(join(__dirname, '../../../docs/kpis.md'), 'utf8');
  expect(text).toContain(['|---|---|---|---|', ...table, ''].join('\n'));
});

test('README names the same columns and aliases', () => {
  const table = readFileSync('README.md', 'utf8').split(
    '| column | also accepted | required | meaning |\n|---|---|---|---|\n',
  );
  const rows = (table[1]?.split('\n\n')[0] ?? '').split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const named = rows.flatMap(([, names = '', aliases = '']) => names.split(', ').map((name) => [name, aliases]));
  const listed = STREAM_COLUMNS.map(({ name, aliases }) => [
    name,
    aliases.map((alias) => (alias.unit === null ? alias.name : `${alias.name} (${alias.unit})`)).join(', '),
  ]);
  expect(named).toEqual(listed);
});
