/** Writes what the Python jobs read of these contracts: JSON Schemas and the metrics, into glue-scripts/contracts/generated/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import * as contracts from '../src/index.ts';

const out = fileURLToPath(new URL('../../../glue-scripts/contracts/generated/', import.meta.url));

const exported: Record<string, unknown> = contracts;
const schemas = Object.keys(exported)
  .sort()
  .flatMap((name) => {
    const schema = exported[name];
    return schema instanceof z.ZodType ? [[name, z.toJSONSchema(schema)] as const] : [];
  });

mkdirSync(out, { recursive: true });
writeFileSync(`${out}schemas.json`, `${JSON.stringify(Object.fromEntries(schemas), null, 2)}\n`);
writeFileSync(`${out}metrics.json`, `${JSON.stringify(contracts.METRICS, null, 2)}\n`);
writeFileSync(`${out}__init__.py`, '');
