/**
 * The pictures of docs/architecture.md: which folder imports which, read from the code. `npm run picture` writes them;
 * `npm test -- picture` fails where a picture is not what the code says, or where imports form a circle.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, toolEnv } from './setup.mjs';

const DOCUMENT = join(root, 'docs', 'architecture.md');
const ROOTS = ['services', 'packages', 'local', 'cli', 'e2e', 'bench'];
const OF_TESTS = /(^|\/)(test|testing)\/|\.test\.ts$/;

const run = (command, args) =>
  execFileSync(command, args, { cwd: root, encoding: 'utf8', env: toolEnv(), maxBuffer: 1 << 28 });

/** `packages/stage/src/x.ts` → `packages/stage`; null for what is not this project's. */
const folderOf = (path) =>
  /^(?:services|packages)\/[^/]+/.exec(path)?.[0] ?? /^(?:local|cli|e2e|bench)(?=\/)/.exec(path)?.[0] ?? null;

const workspaces = () =>
  Object.fromEntries(JSON.parse(run('npm', ['query', '.workspace'])).map(({ name, location }) => [name, location]));

const typescriptEdges = () => {
  const args = ['--config', '.dependency-cruiser.cjs', ...ROOTS, '-T', 'json'];
  const { modules } = JSON.parse(run(join(root, 'node_modules/.bin/depcruise'), args));
  const locations = workspaces();
  const targetOf = ({ module, resolved }) =>
    Object.entries(locations).find(([name]) => module === name || module.startsWith(`${name}/`))?.[1] ??
    folderOf(resolved);
  return modules
    .filter(({ source }) => !OF_TESTS.test(source))
    .flatMap(({ source, dependencies }) => dependencies.map((found) => [folderOf(source), targetOf(found)]));
};

const pythonEdges = () =>
  JSON.parse(run(join(root, '.venv/bin/python'), ['scripts/python_imports.py', 'glue-scripts']));

const unique = (edges) =>
  [...new Set(edges.filter(([from, to]) => from && to && from !== to).map((edge) => edge.join(' ')))].sort();

/** The folders of a circle of imports, or null. */
const circleOf = (edges) => {
  const pairs = edges.map((edge) => edge.split(' '));
  const importedBy = (folder) => pairs.filter(([from]) => from === folder).map(([, to]) => to);
  const visit = (folder, path) => {
    if (path.includes(folder)) return [...path.slice(path.indexOf(folder)), folder];
    for (const to of importedBy(folder)) {
      const circle = visit(to, [...path, folder]);
      if (circle) return circle;
    }
    return null;
  };
  for (const [folder] of pairs) {
    const circle = visit(folder, []);
    if (circle) return circle;
  }
  return null;
};

const mermaid = (edges) => {
  const lines = edges.map((edge) => edge.split(' ')).map(([from, to]) => `  ${from} --> ${to}`);
  return ['```mermaid', 'flowchart LR', ...lines, '```'].join('\n');
};

const pictures = { typescript: unique(typescriptEdges()), python: unique(pythonEdges()) };
const before = readFileSync(DOCUMENT, 'utf8');
const after = Object.entries(pictures).reduce(
  (text, [name, edges]) =>
    text.replace(
      new RegExp(`(<!-- picture: ${name} -->\n)[\\s\\S]*?(\n<!-- end -->)`),
      (_, start, end) => start + mermaid(edges) + end,
    ),
  before,
);

const circle = Object.values(pictures).map(circleOf).find(Boolean);
if (circle) {
  console.error(`picture: imports form a circle: ${circle.join(' → ')}`);
  process.exit(1);
}
if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error('picture: docs/architecture.md is not what the code says; run `npm run picture`');
    process.exit(1);
  }
  console.log('picture: imports run one way, and docs/architecture.md shows them');
} else {
  writeFileSync(DOCUMENT, after);
}
