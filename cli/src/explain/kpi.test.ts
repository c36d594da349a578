import { partitionKey } from './kpi.ts';

test('a key too long for DynamoDB ends in a digest, never in half a character, as the load job writes it', () => {
  expect(partitionKey('genre_daily', 'rock')).toBe('genre_daily#rock');
  expect(partitionKey('top_genres', null)).toBe('top_genres');
  const long = partitionKey('artist', 'é'.repeat(1100));
  expect(long).toMatch(/^artist#é+…[0-9a-f]{64}$/);
  expect(Buffer.byteLength(long)).toBeLessThanOrEqual(2048);
});
