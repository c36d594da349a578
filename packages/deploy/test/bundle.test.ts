import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { bundleScripts } from '../src/bundle.mjs';

test('no job script has the name of a package that jobs import', () => {
  const packages = readdirSync('glue-scripts', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${name}.py`);
  const scripts = bundleScripts()
    .objects.map(({ key }) => basename(key))
    .filter((name) => name.endsWith('.py'));
  expect(scripts).toContain('kpi_job.py');
  expect(scripts.filter((name) => packages.includes(name))).toEqual([]);
});
