/**
 * Publishes the contracts: the next change is compared with what is written to published/. Run it when a change is
 * intended (`npx tsx packages/contracts/scripts/publish.ts`). A breaking change needs a new schema_version as well, and
 * readers that know both.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { METRICS, STREAM_COLUMNS } from '../src/index.ts';
import { currentSchemas } from './schemas.ts';

const out = fileURLToPath(new URL('../published/', import.meta.url));

const write = (name: string, value: unknown): void =>
  writeFileSync(`${out}${name}.json`, `${JSON.stringify(value, null, 2)}\n`);

mkdirSync(out, { recursive: true });
for (const [name, schemas] of Object.entries(currentSchemas())) write(name, schemas);
write('metric-entries', METRICS);
write('column-entries', STREAM_COLUMNS);
execFileSync('npx', ['biome', 'check', '--write', out], { stdio: 'inherit' });
