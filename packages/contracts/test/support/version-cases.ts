import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aFile, aReplay, aVersion } from '@music-etl/testing';
import { z } from 'zod';
import { type FileDocument, FileState } from '../../src/index.ts';

/** A case that the Python counterpart has to meet too. A replay has `of` and the content of that version. */
const VersionCase = z.strictObject({
  name: z.string(),
  versions: z.array(
    z.object({ state: FileState, of: z.int().optional(), content: z.int().optional(), reason: z.string().optional() }),
  ),
  current: z.int().nullable(),
  latest: z.int().nullable(),
  void_replays: z.array(z.int()),
});
export type VersionCase = z.infer<typeof VersionCase>;

export const VERSION_CASES = z
  .array(VersionCase)
  .parse(JSON.parse(readFileSync(join(__dirname, '../../cases/current-version.json'), 'utf8')));

/** Builds the document of a case. */
export const fileOf = ({ versions }: VersionCase): FileDocument => {
  const contents: number[] = [];
  for (const { of, content } of versions) {
    contents.push(content ?? (of === undefined ? undefined : contents[of - 1]) ?? contents.length + 1);
  }
  return aFile(
    ...versions.map(({ state, of, reason }, at) =>
      aVersion({
        version: at + 1,
        content_version: contents[at] ?? null,
        replay: of === undefined ? null : aReplay({ of }),
        state,
        reason: reason === undefined ? null : { code: reason, detail: '' },
      }),
    ),
  );
};
