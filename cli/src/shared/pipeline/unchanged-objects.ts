import type { DocumentSource } from '../documents.ts';
import type { ObjectInfo } from '../ports.ts';

/** A bucket that reads an object once, and again only after a listing has shown another ETag. */
export class UnchangedObjects implements DocumentSource {
  readonly #listed = new Map<string, string>();
  readonly #kept = new Map<string, { etag: string; text: string }>();

  constructor(private readonly objects: DocumentSource) {}

  async *list(prefix: string): AsyncIterable<ObjectInfo> {
    for await (const info of this.objects.list(prefix)) {
      this.#listed.set(info.key, info.etag);
      yield info;
    }
  }

  async read(key: string): Promise<string | null> {
    const etag = this.#listed.get(key);
    const kept = this.#kept.get(key);
    if (kept && kept.etag === etag) return kept.text;
    const text = await this.objects.read(key);
    if (text !== null && etag !== undefined) this.#kept.set(key, { etag, text });
    return text;
  }
}
