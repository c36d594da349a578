import { createHash } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';

/** DynamoDB's limit of a partition key, in bytes of UTF-8. */
const LONGEST_KEY = 2048;

/**
 * Returns the partition key of a metric's item. The end of a key that would be too long is replaced by the SHA-256 of
 * the dimension; the item has the whole dimension in an attribute. glue-scripts/contracts/metric_key.py is the
 * counterpart in Python; packages/contracts/cases/metric-key.json holds the two together.
 * @example metricKey('genre_daily', 'rock') // 'genre_daily#rock'
 */
export const metricKey = (metric: string, dimension: string | null): string => {
  if (dimension === null) return metric;
  const bytes = Buffer.from(`${metric}#${dimension}`);
  if (bytes.length <= LONGEST_KEY) return bytes.toString();
  const tail = `…${createHash('sha256').update(dimension).digest('hex')}`;
  // A decoder drops the first bytes of a character that the cut has halved.
  return new StringDecoder('utf8').write(bytes.subarray(0, LONGEST_KEY - Buffer.byteLength(tail))) + tail;
};
