import { z } from 'zod';
import * as documents from '../src/documents/index.ts';
import * as events from '../src/events.ts';
import { FileRequested, StageRequested } from '../src/messages.ts';
import { Metric } from '../src/metrics.ts';
import * as results from '../src/results/index.ts';
import { StreamColumn } from '../src/stream-columns.ts';

type Schemas = Record<string, unknown>;

/** Returns the zod schemas among a module's exports, by name. */
export const schemasIn = (module: Record<string, unknown>): [string, z.ZodType][] =>
  Object.entries(module)
    .filter((entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType)
    .sort(([a], [b]) => (a < b ? -1 : 1));

const jsonSchemas = (module: Record<string, unknown>): Schemas =>
  Object.fromEntries(schemasIn(module).map(([name, schema]) => [name, z.toJSONSchema(schema)]));

/** Returns every contract as JSON Schema, by its file in `published/`. */
export const currentSchemas = (): Record<string, Schemas> => ({
  messages: jsonSchemas({ StageRequested, FileRequested }),
  events: jsonSchemas({ ...events }),
  documents: jsonSchemas({ ...documents }),
  results: jsonSchemas({ ...results }),
  metrics: jsonSchemas({ Metric }),
  columns: jsonSchemas({ StreamColumn }),
});
