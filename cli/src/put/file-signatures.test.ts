import { compressionOf } from './file-signatures.ts';

test('compression is detected by the first bytes', () => {
  expect(compressionOf(Buffer.from([0x1f, 0x8b, 8, 0]))).toBe('gzip');
  expect(compressionOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))).toBe('zstd');
  expect(compressionOf(Buffer.from('user'))).toBe('none');
});
