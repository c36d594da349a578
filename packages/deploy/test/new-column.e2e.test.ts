import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { blocks, indented } from './extend-page.ts';
import { copyRepository, generate, insert, runTests, write } from './repository-copy.ts';

const HEADING = 'A new column with a KPI';

test('the tests of contracts and tool pass with a column and a KPI that the page adds', () => {
  const [column = '', metric = ''] = blocks(HEADING, 'ts');
  const [rule = ''] = blocks(HEADING, 'sql');
  const [row = ''] = blocks(HEADING, 'md');
  const root = copyRepository();
  try {
    insert(join(root, 'packages/contracts/src/stream-columns.ts'), indented(column), '];\n');
    insert(join(root, 'packages/contracts/src/metrics.ts'), indented(metric), '];\n');
    insert(join(root, 'docs/kpis.md'), row, '\n`listen_time` is ');
    insert(join(root, 'README.md'), row, '\nSongs need `track_id`');
    write(join(root, 'glue-scripts/sql/metrics/city_daily.sql'), rule);
    generate(root);
    runTests(root, ['packages/contracts/', 'cli/src/(put|export|explain|show)/']);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}, 240_000);
