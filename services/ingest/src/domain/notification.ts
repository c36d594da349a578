import { S3Notification, SONGS_PREFIX, STREAMS_PREFIX, USERS_PREFIX } from '@music-etl/contracts';
import type { Arrival } from './arrival.ts';

export type Arrived = { readonly kind: 'stream' | 'reference'; readonly arrival: Arrival };

/** Decodes a key of an event: S3 form-encodes them. Returns null for one that is not form-encoded. */
export const decodeKey = (encoded: string): string | null => {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    return null;
  }
};

/** Returns whether a key is a "folder": consoles create them as empty objects whose key ends in a slash. */
export const isFolder = (key: string): boolean => key.endsWith('/');

/** S3's own limit. A notification with a longer key, or an impossible size, is not from S3. */
const MOST_KEY_BYTES = 1024;

const isFromS3 = ({ key, size = 0 }: { readonly key: string; readonly size?: number | undefined }): boolean => {
  const decoded = decodeKey(key);
  if (decoded === null || Buffer.byteLength(decoded) > MOST_KEY_BYTES) return false;
  return Number.isSafeInteger(size) && size >= 0;
};

const kindOf = (key: string): Arrived['kind'] | null => {
  if (isFolder(key)) return null;
  if (key.startsWith(STREAMS_PREFIX)) return 'stream';
  return key.startsWith(SONGS_PREFIX) || key.startsWith(USERS_PREFIX) ? 'reference' : null;
};

/** Returns the arrivals of an S3 event notification: none for `s3:TestEvent`, null for any other body. */
export const arrivalsOf = (body: unknown): Arrived[] | null => {
  const parsed = S3Notification.safeParse(body);
  if (!parsed.success) return null;
  const isTest = typeof body === 'object' && body !== null && 'Event' in body && body.Event === 's3:TestEvent';
  if (parsed.data.Records === undefined) return isTest ? [] : null;
  if (!parsed.data.Records.every(({ s3 }) => isFromS3(s3.object))) return null;
  return parsed.data.Records.flatMap(({ eventName, s3 }) => {
    if (!/(^|:)ObjectCreated:/.test(eventName)) return [];
    const key = decodeKey(s3.object.key) ?? '';
    const kind = kindOf(key);
    if (kind === null) return [];
    const arrival = {
      key,
      versionId: s3.object.versionId ?? 'null',
      etag: (s3.object.eTag ?? '').replaceAll('"', ''),
      sequencer: s3.object.sequencer ?? '',
      size: s3.object.size ?? 0,
    };
    return [{ kind, arrival }];
  });
};
