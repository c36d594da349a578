import { IngestResult } from '@music-etl/contracts';
import { counted, type Measurement } from '@music-etl/stage/measurement';

/** What a batch brought: files by what became of them, and reference files that could not be used. */
export const measure = (value: unknown): Measurement[] => {
  const { files, snapshot } = IngestResult.parse(value);
  const ended = (outcome: string): number => files.filter((file) => file.outcome === outcome).length;
  return counted({
    FilesPrepared: ended('prepared'),
    FilesReplayed: files.filter(({ outcome, replay }) => outcome === 'prepared' && replay !== null).length,
    FilesWaiting: ended('waiting'),
    FilesRejected: ended('rejected'),
    ReferenceFilesBroken: snapshot.broken.length,
  });
};
