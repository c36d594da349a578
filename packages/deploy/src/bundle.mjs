/**
 * Builds the deployed form of glue-scripts/: one zip of all modules and SQL, and the entry scripts, under
 * `scripts/<hash of the contents>/`. So a deployment never changes what a running job reads.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const source = join(root, 'glue-scripts');
const LEFT_OUT = new Set(['tests', '__pycache__']);
const DEPLOYED = /\.(py|sql|json)$/;
const ENTRY = /^jobs\/[a-z]+\.py$/;
/** Python finds modules beside the script first: `jobs/kpi.py` as script would hide the package `kpi`. */
const entryName = (name) => name.replace(/\.py$/, '_job.py');

const filesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return LEFT_OUT.has(entry.name) || entry.name.startsWith('.') ? [] : filesBelow(path);
    return DEPLOYED.test(entry.name) ? [path] : [];
  });

/**
 * Reads glue-scripts/, after generating its contracts.
 * @returns {{prefix: string, objects: {key: string, body: Uint8Array}[]}} `prefix` ends without a slash; the same
 *   contents give the same prefix and the same bytes.
 */
export const bundleScripts = () => {
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
  execFileSync(process.execPath, [tsx, join(root, 'packages/contracts/scripts/generate.ts')], { stdio: 'inherit' });
  const files = filesBelow(source)
    .map((path) => ({ name: relative(source, path).split(sep).join('/'), body: new Uint8Array(readFileSync(path)) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const hash = createHash('sha256');
  for (const { name, body } of files) hash.update(`${name}\0${body.length}\0`).update(body);
  const prefix = `scripts/${hash.digest('hex').slice(0, 16)}`;
  // A fixed date, because zip stores times and equal contents must give equal bytes.
  const zip = zipSync(Object.fromEntries(files.map(({ name, body }) => [name, [body, { mtime: '1980-01-02' }]])));
  const entries = files.filter(({ name }) => ENTRY.test(name));
  return {
    prefix,
    objects: [
      { key: `${prefix}/glue-scripts.zip`, body: zip },
      ...entries.map(({ name, body }) => ({ key: `${prefix}/${entryName(name)}`, body })),
    ],
  };
};
