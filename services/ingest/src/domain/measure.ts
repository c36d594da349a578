import type { IngestResult } from '@music-etl/contracts';
import { counted, type Measurement } from '@music-etl/stage';

/** Measures a batch: files by outcome, and reference files that could not be used. */
export const measure = ({ files, snapshot }: IngestResult): Measurement[] => {
  const ended = (outcome: string): number => files.filter((file) => file.outcome === outcome).length;
  return counted({
    FilesPrepared: ended('prepared'),
    FilesReplayed: files.filter(({ outcome, replay }) => outcome === 'prepared' && replay !== null).length,
    FilesWaiting: ended('waiting'),
    FilesRejected: ended('rejected'),
    ReferenceFilesBroken: snapshot.broken.length,
  });
};
