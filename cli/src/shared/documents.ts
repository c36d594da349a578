import type { z } from 'zod';
import { mapLimit } from './map-limit.ts';
import type { Objects } from './ports.ts';

const AT_ONCE = 8;

/** Reads the JSON documents of a bucket and keeps them: what did not change (by ETag) is not read again. */
export class Documents {
  readonly #kept = new Map<string, { etag: string; value: unknown }>();

  constructor(private readonly objects: Objects) {}

  /** What lies under a prefix: keys and their ETags. */
  async index(prefix: string): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for await (const { key, etag } of this.objects.list(prefix)) found.set(key, etag);
    return found;
  }

  /** All documents under a prefix. */
  async under<T>(prefix: string, schema: z.ZodType<T>): Promise<T[]> {
    const index = await this.index(prefix);
    const values = await mapLimit([...index.keys()], AT_ONCE, (key) => this.get(index, key, schema));
    return values.filter((value) => value !== null);
  }

  /** One document of an index, null where there is none (or it has gone). */
  async get<T>(index: ReadonlyMap<string, string>, key: string, schema: z.ZodType<T>): Promise<T | null> {
    const etag = index.get(key);
    return etag === undefined ? null : this.#read(key, etag, schema);
  }

  async #read<T>(key: string, etag: string, schema: z.ZodType<T>): Promise<T | null> {
    const kept = this.#kept.get(key);
    if (kept?.etag === etag) return schema.parse(kept.value);
    const text = await this.objects.read(key);
    if (text === null) return null;
    const value: unknown = JSON.parse(text);
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw new Error(`${key} is not the document it should be: ${parsed.error.message}`);
    this.#kept.set(key, { etag, value });
    return parsed.data;
  }
}
