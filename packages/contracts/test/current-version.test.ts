import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aFile, aReplay, aVersion } from '@music-etl/testing';
import { z } from 'zod';
import {
  archivedCopy,
  byContent,
  currentVersion,
  type FileDocument,
  FileState,
  latestUsableVersion,
  latestVersion,
} from '../src/index.ts';

/** A case that the Python counterpart has to meet too. A replay has `of` and the content of that version. */
const Case = z.object({
  name: z.string(),
  versions: z.array(
    z.object({ state: FileState, of: z.int().optional(), content: z.int().optional(), reason: z.string().optional() }),
  ),
  current: z.int().nullable(),
  latest: z.int().nullable(),
  usable: z.int().nullable(),
});
type Case = z.infer<typeof Case>;

const cases = z.array(Case).parse(JSON.parse(readFileSync(join(__dirname, '../cases/current-version.json'), 'utf8')));

const fileOf = ({ versions }: Case): FileDocument => {
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

test.each(cases.map((each) => [each.name, each] as const))('%s: current, latest and usable version', (_, each) => {
  const file = fileOf(each);
  expect({
    current: currentVersion(file)?.version ?? null,
    latest: latestVersion(file)?.version ?? null,
    usable: latestUsableVersion(file)?.version ?? null,
  }).toEqual({ current: each.current, latest: each.latest, usable: each.usable });
});

test('versions are ordered by content, then by number', () => {
  const of = (version: number, content_version: number | null) => aVersion({ version, content_version });
  const ordered = [of(4, 3), of(3, 1), of(2, null), of(1, null)].sort(byContent);
  expect(ordered.map(({ version }) => version)).toEqual([1, 3, 2, 4]);
});

test('the archived copy of a content is found by every version of it, and by no other', () => {
  const archived = aVersion({ state: 'archived', archived_to: 'archived/raw' });
  const replay = aVersion({ version: 2, content_version: 1, replay: aReplay(), state: 'running' });
  const correction = aVersion({ version: 3 });
  const file = aFile(archived, replay, correction);
  expect(file.versions.map((version) => archivedCopy(file, version))).toEqual(['archived/raw', 'archived/raw', null]);
});
