import { aFile, aReplay, aVersion } from '@music-etl/testing';
import { archivedCopy, byContent, currentVersion, isVoidReplay, latestVersion } from '../src/index.ts';
import { fileOf, VERSION_CASES } from './support/version-cases.ts';

test.each(VERSION_CASES.map((each) => [each.name, each] as const))('%s: as the shared cases say', (_, each) => {
  const file = fileOf(each);
  expect({
    current: currentVersion(file)?.version ?? null,
    latest: latestVersion(file)?.version ?? null,
    void_replays: file.versions.filter((version) => isVoidReplay(file, version)).map(({ version }) => version),
  }).toEqual({ current: each.current, latest: each.latest, void_replays: each.void_replays });
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
