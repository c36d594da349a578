import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** Reads the complete lines that a growing file has gained since the last call. `final` includes an unfinished one. */
export type LineTail = { read: (final: boolean) => Promise<string[]> };

const CHUNK = 1 << 20;

export const tailLines = (path: string): LineTail => {
  let offset = 0;
  let rest: Buffer = Buffer.alloc(0);
  return {
    read: async (final) => {
      if (!existsSync(path)) return [];
      const file = await open(path, 'r');
      try {
        const parts: Buffer[] = [rest];
        for (;;) {
          const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, offset);
          if (bytesRead === 0) break;
          parts.push(buffer.subarray(0, bytesRead));
          offset += bytesRead;
        }
        const all = Buffer.concat(parts);
        const cut = final ? all.length : all.lastIndexOf(0x0a) + 1;
        rest = Buffer.from(all.subarray(cut));
        return all
          .subarray(0, cut)
          .toString('utf8')
          .split('\n')
          .filter((line) => line.trim() !== '');
      } finally {
        await file.close();
      }
    },
  };
};

/** Below the limits of CloudWatch Logs: 10,000 events and 1 MiB a call (26 bytes more per event), 256 KiB an event. */
const MAX_EVENTS = 1_000;
const MAX_BYTES = 900_000;
const MAX_LINE = 64_000;
const OVERHEAD = 26;

/** Splits lines into batches for one PutLogEvents each. */
export const batchLines = (lines: readonly string[]): string[][] => {
  const batches: string[][] = [];
  let batch: string[] = [];
  let bytes = 0;
  for (const line of lines.map((long) => long.slice(0, MAX_LINE))) {
    const size = Buffer.byteLength(line) + OVERHEAD;
    if (batch.length > 0 && (batch.length >= MAX_EVENTS || bytes + size > MAX_BYTES)) {
      batches.push(batch);
      [batch, bytes] = [[], 0];
    }
    batch.push(line);
    bytes += size;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
};
