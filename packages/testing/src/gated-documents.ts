import type { DocumentStore } from '@music-etl/stage';
import type { Gate } from './faults.ts';

/** Returns a document store whose every call passes the gate first. */
export const gatedDocuments = (store: DocumentStore, gate: Gate): DocumentStore => ({
  read: (key, parse) => gate('reads', () => store.read(key, parse)),
  create: (key, value) => gate('writes', () => store.create(key, value)),
  replace: (key, value, etag) => gate('writes', () => store.replace(key, value, etag)),
  mark: (key, value) => gate('writes', () => store.mark(key, value)),
  list: (prefix) => gate('reads', () => store.list(prefix)),
  remove: (key) => gate('writes', () => store.remove(key)),
});
