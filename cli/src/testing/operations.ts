import {
  BackfillDocument,
  type DateDocument,
  dateKey,
  type FileDocument,
  fileKey,
  REFERENCE_KEY,
  type ReferenceDocument,
} from '@music-etl/contracts';
import { memoryDocuments } from '@music-etl/stage/memory-documents';
import * as testing from '@music-etl/testing';
import type { OperationDeps } from '../shared/operations.ts';
import { MemoryObjects, MemoryScreen } from './fakes.ts';

/** The reference snapshot of dates and reference data. */
export const SNAPSHOT = '20261123T100000000-0a0b0c0d';

/** Builds the document that names the current reference snapshot. */
export const aReference = (changes: Partial<ReferenceDocument> = {}): ReferenceDocument =>
  testing.aReference({ reference_version: SNAPSHOT, ...changes });

/** Builds the document of a date that was computed with that snapshot. */
export const aDate = (date: string, changes: Partial<DateDocument> = {}): DateDocument =>
  testing.aDate(date, { reference_version: SNAPSHOT, ...changes });

/** Builds a clock that moves only when somebody sleeps; `onSleep` happens meanwhile. */
export const aClock = (onSleep: () => Promise<void> = async () => {}) => {
  let now = Date.parse('2026-11-24T08:00:00.000Z');
  return {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
      await onSleep();
    },
  };
};

/** Builds a document store with reference data, dates and files. */
export const aDocumentStore = async (
  dates: readonly DateDocument[],
  files: readonly FileDocument[],
  reference = aReference(),
) => {
  const documents = memoryDocuments();
  await documents.mark(REFERENCE_KEY, reference);
  for (const date of dates) await documents.mark(dateKey(date.date), date);
  for (const file of files) await documents.mark(fileKey(file.file_id), file);
  return documents;
};

/** Builds the dependencies of a command; its messages are in `sent`. */
export const operationDeps = (
  documents: ReturnType<typeof memoryDocuments>,
  over: Partial<OperationDeps> = {},
): OperationDeps & { sent: { queue: string; message: unknown }[]; screen: MemoryScreen } => {
  const sent: { queue: string; message: unknown }[] = [];
  let ids = 0;
  return {
    documents,
    objects: new MemoryObjects(documents),
    send: async (queue, message) => {
      sent.push({ queue, message });
    },
    clock: aClock(),
    randomHex: () => (ids++).toString(16).padStart(8, '0'),
    requestedBy: 'ada',
    ...over,
    sent,
    screen: new MemoryScreen(),
  };
};

/** Parses the backfills among the documents of a store. */
export const backfillsOf = (snapshot: Record<string, unknown>): BackfillDocument[] =>
  Object.entries(snapshot).flatMap(([key, value]) =>
    key.startsWith('processed/backfills/') ? [BackfillDocument.parse(value)] : [],
  );
