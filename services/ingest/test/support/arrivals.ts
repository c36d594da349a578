import { KEY } from '@music-etl/testing';
import type { Arrival } from '../../src/domain/arrival.ts';

/** Builds the arrival of the first version of `KEY`. */
export const anArrival = (changes: Partial<Arrival> = {}): Arrival => ({
  key: KEY,
  versionId: 'v1',
  etag: 'content-1',
  sequencer: '10',
  size: 100,
  ...changes,
});

/** Builds the arrival of a stream file, as a notification names it. */
export const aStreamArrival = (changes: Partial<Arrival> = {}) =>
  ({ kind: 'stream', arrival: anArrival(changes) }) as const;

/** Builds S3's notification of an event of one object. */
export const aNotification = (object: Record<string, unknown>, eventName = 'ObjectCreated:Put') => ({
  Records: [{ eventName, s3: { bucket: { name: 'b' }, object } }],
});
