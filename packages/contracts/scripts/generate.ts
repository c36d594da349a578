/** Writes what the Python jobs and the templates read of the contracts, into glue-scripts/contracts/generated/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { METRICS, STREAM_COLUMNS, stageList } from '../src/index.ts';
import { currentSchemas } from './schemas.ts';

const out = fileURLToPath(new URL('../../../glue-scripts/contracts/generated/', import.meta.url));

const writeJson = (name: string, value: unknown): void =>
  writeFileSync(`${out}${name}.json`, `${JSON.stringify(value, null, 2)}\n`);

mkdirSync(out, { recursive: true });
writeFileSync(`${out}__init__.py`, '');
writeJson('schemas', Object.assign({}, ...Object.values(currentSchemas())));
writeJson('metrics', METRICS);
writeJson('stages', stageList());
writeJson('stream_columns', STREAM_COLUMNS);
