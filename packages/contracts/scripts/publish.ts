/**
 * Publishes the contracts: what is written to published/ is what the next change is held against. Run it when a change
 * is meant (`npx tsx packages/contracts/scripts/publish.ts`); a breaking one needs a new schema_version as well, and
 * readers that know both.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { METRICS } from '../src/index.ts';
import { currentSchemas } from './schemas.ts';

const out = fileURLToPath(new URL('../published/', import.meta.url));

const write = (name: string, value: unknown): void =>
  writeFileSync(`${out}${name}.json`, `${JSON.stringify(value, null, 2)}\n`);

mkdirSync(out, { recursive: true });
for (const [name, schemas] of Object.entries(currentSchemas())) write(name, schemas);
write('metric-entries', METRICS);
execFileSync('npx', ['biome', 'check', '--write', out], { stdio: 'inherit' });
