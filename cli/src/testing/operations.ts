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
import type { OperationDeps } from '../shared/operations.ts';
import { RUN } from './builders.ts';
import { MemoryObjects, MemoryScreen } from './fakes.ts';

export const SNAPSHOT = '20261123T100000000-0a0b0c0d';

export const aReference = (version: string | null = SNAPSHOT): ReferenceDocument => ({
  schema_version: 1,
  reference_version: version,
  tracks_key: null,
  users_key: null,
  created_at: null,
  run_id: null,
  sources: [],
  tracks: 0,
  users: 0,
  skipped_rows: {},
  broken: [],
});

export const aDate = (date: string, over: Partial<DateDocument> = {}): DateDocument => ({
  schema_version: 1,
  date,
  generation: 3,
  run_id: RUN,
  reference_version: SNAPSHOT,
  computed_at: '2026-11-23T10:05:10.000Z',
  ledger: { accepted: 7, counted: 6, skipped: 1, duplicate: 0 },
  files: [],
  objects: {},
  ...over,
});

/** A moment that moves only when somebody sleeps; `onSleep` is what goes on meanwhile. */
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

/** Dependencies of a command; what it sends is in `sent`. */
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
    chance: () => (ids++).toString(16).padStart(8, '0'),
    requestedBy: 'ada',
    ...over,
    sent,
    screen: new MemoryScreen(),
  };
};

export const backfillsOf = (snapshot: Record<string, unknown>): BackfillDocument[] =>
  Object.entries(snapshot).flatMap(([key, value]) =>
    key.startsWith('processed/backfills/') ? [BackfillDocument.parse(value)] : [],
  );
