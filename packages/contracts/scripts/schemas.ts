import { z } from 'zod';
import * as documents from '../src/documents.ts';
import * as messages from '../src/messages.ts';
import { Metric } from '../src/metrics.ts';
import * as operations from '../src/operations.ts';
import * as results from '../src/results.ts';

type Schemas = Record<string, unknown>;

const schemasOf = (module: Record<string, unknown>): Schemas =>
  Object.fromEntries(
    Object.keys(module)
      .sort()
      .flatMap((name) => {
        const schema = module[name];
        return schema instanceof z.ZodType ? [[name, z.toJSONSchema(schema)]] : [];
      }),
  );

const { StageRequested, FileRequested, ...events } = messages;

/** Every contract as JSON Schema, by the file of `published/` it stands in. */
export const currentSchemas = (): Record<string, Schemas> => ({
  messages: schemasOf({ StageRequested, FileRequested }),
  events: schemasOf(events),
  documents: schemasOf({ ...documents, ...operations }),
  results: schemasOf(results),
  metrics: schemasOf({ Metric }),
});
