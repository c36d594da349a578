import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocks, indented } from './extend-page.ts';
import { copyRepository, generate, insert, write } from './repository-copy.ts';

const HEADING = 'A sixth stage';
const [entry = '', definition = ''] = blocks(HEADING, 'ts');
const [permissions = '', compose = ''] = blocks(HEADING, 'yaml');
const [job = ''] = blocks(HEADING, 'python');

const copied = (name: string): string => readFileSync(`services/kpi/${name}`, 'utf8').replaceAll(/\bkpi\b/g, 'enrich');
const SERVICE_FOLDER: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['package.json', 'README.md', 'serverless.yml', 'src/handlers/functions.ts'].map((name) => [name, copied(name)]),
  ),
  'src/domain/definition.ts': definition,
  'permissions.yml': permissions,
};

/** Copies the repository and follows the page's walk to a sixth stage. Returns the copy's folder. */
export const copyWithSixthStage = (): string => {
  const root = copyRepository();
  insert(join(root, 'packages/contracts/src/stages.ts'), indented(entry), "  { name: 'load',");
  for (const [name, content] of Object.entries(SERVICE_FOLDER)) write(join(root, 'services/enrich', name), content);
  write(join(root, 'glue-scripts/jobs/enrich.py'), job);
  insert(join(root, 'serverless-compose.yml'), indented(compose), '  load:\n');
  generate(root);
  return root;
};
