import { MemoryObjects } from '../testing/fakes.ts';
import type { QuarantinedVersion } from './quarantined-version.ts';
import { readMatchingRows } from './read-matching-rows.ts';

const version = (key: string): QuarantinedVersion => ({
  key,
  version: 1,
  replay: null,
  state: 'archived',
  arrived_at: '2026-11-23T10:00:00.000Z',
  rows: 2,
  by_reason: { bad_number: 1, unknown_user: 1 },
  quarantine_key: `quarantine/${key}`,
});

/** A bucket that records which objects are opened. */
class Bucket extends MemoryObjects {
  readonly opened: string[] = [];

  override async open(key: string): Promise<AsyncIterable<Uint8Array>> {
    this.opened.push(key);
    return super.open(key);
  }
}

const ROWS = [
  { row: 1, reason: 'bad_number' },
  { row: 2, reason: 'unknown_user' },
];

const read = async (reason: string | null, limit: number) => {
  const objects = new Bucket();
  for (const key of ['a', 'b']) objects.setLines(`quarantine/${key}`, ROWS);
  const found: string[] = [];
  for await (const each of readMatchingRows(objects, [version('b'), version('a')], { reason }, limit)) {
    found.push(`${each.version.key} ${each.row.row}`);
  }
  return { found, opened: objects.opened };
};

test('rows come in the order of the versions and of their lines', async () => {
  expect((await read(null, 10)).found).toEqual(['b 1', 'b 2', 'a 1', 'a 2']);
});

test('rows with another reason are left out', async () => {
  expect((await read('unknown_user', 10)).found).toEqual(['b 2', 'a 2']);
});

test('no object is opened after the limit is reached', async () => {
  expect(await read(null, 2)).toEqual({ found: ['b 1', 'b 2'], opened: ['quarantine/b'] });
});
