import type { z } from 'zod';
import { mapLimit } from './map-limit.ts';
import type { Objects } from './ports.ts';

const AT_ONCE = 16;

/** The bucket, as far as documents need it. */
export type DocumentSource = Pick<Objects, 'list' | 'read'>;

/** A document that is there but is not of its type. */
class UnreadableDocumentError extends Error {
  override readonly name = 'UnreadableDocumentError';
  constructor(key: string, cause: unknown) {
    super(`${key} is not a document of its type: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

const parseDocument = <T>(key: string, text: string, schema: z.ZodType<T>): T => {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UnreadableDocumentError(key, cause);
  }
};

/**
 * Reads one document; null where there is none.
 * @throws an error that names the key where it is not of its type
 * @example await readDocument(objects, runKey(runId), RunDocument)
 */
export const readDocument = async <T>(
  source: Pick<DocumentSource, 'read'>,
  key: string,
  schema: z.ZodType<T>,
): Promise<T | null> => {
  const text = await source.read(key);
  return text === null ? null : parseDocument(key, text, schema);
};

/** Reads several documents, a few at a time, in the order of their keys; leaves out those that are not there. */
export const readDocuments = async <T>(
  source: Pick<DocumentSource, 'read'>,
  keys: readonly string[],
  schema: z.ZodType<T>,
): Promise<T[]> => {
  const found = await mapLimit(keys, AT_ONCE, (key) => readDocument(source, key, schema));
  return found.filter((document) => document !== null);
};

/** Lists the keys under a prefix. */
export const listKeys = async (source: Pick<DocumentSource, 'list'>, prefix: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of source.list(prefix)) keys.push(key);
  return keys;
};

/** Reads all documents under a prefix; `picks` leaves out keys without reading them. */
export const documentsUnder = async <T>(
  source: DocumentSource,
  prefix: string,
  schema: z.ZodType<T>,
  picks: (key: string) => boolean = () => true,
): Promise<T[]> => readDocuments(source, (await listKeys(source, prefix)).filter(picks), schema);

/** Reads the documents under a prefix one after the other, never more than a few in memory. */
export async function* streamDocuments<T>(
  source: DocumentSource,
  prefix: string,
  schema: z.ZodType<T>,
): AsyncGenerator<T> {
  let keys: string[] = [];
  for await (const { key } of source.list(prefix)) {
    keys.push(key);
    if (keys.length < AT_ONCE) continue;
    yield* await readDocuments(source, keys, schema);
    keys = [];
  }
  yield* await readDocuments(source, keys, schema);
}
