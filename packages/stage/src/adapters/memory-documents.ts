import type { DocumentStore, Parse, Stored } from '../domain/ports.ts';
import { UnreadableDocument } from '../domain/unreadable-document.ts';

/** Builds a document store in memory with the semantics of S3's conditional writes, for tests. */
export const memoryDocuments = (): DocumentStore & { readonly snapshot: () => Record<string, unknown> } => {
  const objects = new Map<string, { readonly body: string; readonly etag: string }>();
  let writes = 0;
  const put = (key: string, value: unknown): void => {
    writes += 1;
    objects.set(key, { body: JSON.stringify(value), etag: `"${writes}"` });
  };
  return {
    read: async <T>(key: string, parse: Parse<T>): Promise<Stored<T> | null> => {
      const found = objects.get(key);
      if (found === undefined) return null;
      try {
        return { value: parse(JSON.parse(found.body)), etag: found.etag };
      } catch (cause) {
        throw new UnreadableDocument(null, key, cause);
      }
    },
    create: async (key, value) => {
      if (objects.has(key)) return false;
      put(key, value);
      return true;
    },
    replace: async (key, value, etag) => {
      if (objects.get(key)?.etag !== etag) return false;
      put(key, value);
      return true;
    },
    mark: async (key, value) => put(key, value),
    list: async (prefix) => [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(),
    remove: async (key) => {
      objects.delete(key);
    },
    snapshot: () => Object.fromEntries([...objects].map(([key, { body }]) => [key, JSON.parse(body)])),
  };
};
