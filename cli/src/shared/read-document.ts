import type { z } from 'zod';
import { mapLimit } from './map-limit.ts';
import type { DocumentStore } from './operation-ports.ts';

const AT_ONCE = 16;

/** A document's value, null where there is none. */
export const readDocument = async <T>(documents: DocumentStore, key: string, schema: z.ZodType<T>): Promise<T | null> =>
  (await documents.read(key, (value) => schema.parse(value)))?.value ?? null;

/** All documents under a prefix; `picks` leaves out keys without reading them. */
export const documentsUnder = async <T>(
  documents: DocumentStore,
  prefix: string,
  schema: z.ZodType<T>,
  picks: (key: string) => boolean = () => true,
): Promise<T[]> => {
  const keys = (await documents.list(prefix)).filter(picks);
  const found = await mapLimit(keys, AT_ONCE, (key) => readDocument(documents, key, schema));
  return found.filter((value) => value !== null);
};
