import { FILES_PREFIX, FileDocument, fileId, fileKey } from '@music-etl/contracts';
import { type DocumentSource, readDocument, streamDocuments } from './documents.ts';

/** Reads a file's document by the file's key; null where no such file has arrived. */
export const readFile = (source: Pick<DocumentSource, 'read'>, key: string): Promise<FileDocument | null> =>
  readDocument(source, fileKey(fileId(key)), FileDocument);

/** Reads the documents of all files, never more than a few in memory. */
export const streamFiles = (source: DocumentSource): AsyncGenerator<FileDocument> =>
  streamDocuments(source, FILES_PREFIX, FileDocument);
