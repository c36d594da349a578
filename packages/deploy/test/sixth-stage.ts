import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { blocks } from './extend-page.ts';

/** The blocks of the page: the entry in the list of stages, the rights of the job, and what is measured. */
const [entry = '', definition = ''] = blocks('A sixth stage', 'ts');
const [permissions = ''] = blocks('A sixth stage', 'yaml');
const copyOf = (name: string): string => readFileSync(`services/kpi/${name}`, 'utf8').replaceAll(/\bkpi\b/g, 'enrich');
const SERVICE_FOLDER: Readonly<Record<string, string>> = {
  'package.json': copyOf('package.json'),
  'serverless.yml': copyOf('serverless.yml'),
  'src/handlers/functions.ts': copyOf('src/handlers/functions.ts'),
  'src/domain/definition.ts': definition,
  'permissions.yml': permissions,
};

const COPIED = ['packages/contracts', 'packages/stage', 'packages/deploy', 'services', 'glue-scripts', 'package.json'];
const LEFT_OUT = /\/(test|tests|node_modules|\.esbuild|\.serverless|__pycache__|\.[a-z_]+_cache)$/;

/** Links the installed packages, and the workspaces of the copy. */
const linkPackages = (root: string): void => {
  const modules = join(root, 'node_modules');
  mkdirSync(join(modules, '@music-etl'), { recursive: true });
  for (const name of readdirSync('node_modules')) {
    if (name !== '@music-etl') symlinkSync(join(process.cwd(), 'node_modules', name), join(modules, name));
  }
  for (const name of ['contracts', 'stage', 'deploy']) {
    symlinkSync(join(root, 'packages', name), join(modules, '@music-etl', name));
  }
};

/** Copies the repository and adds the sixth stage. Returns the copy's folder. */
export const copyWithSixthStage = (): string => {
  const root = mkdtempSync(join(tmpdir(), 'sixth-stage-'));
  for (const path of COPIED) {
    cpSync(path, join(root, path), { recursive: true, filter: (source) => !LEFT_OUT.test(source) });
  }
  linkPackages(root);
  const list = join(root, 'packages/contracts/src/stages.ts');
  writeFileSync(list, readFileSync(list, 'utf8').replace("  { name: 'load',", `  ${entry}$&`));
  for (const [name, content] of Object.entries(SERVICE_FOLDER)) {
    const path = join(root, 'services/enrich', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return root;
};
