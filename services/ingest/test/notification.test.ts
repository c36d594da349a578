import { arrivalsOf, decodeKey } from '../src/domain/notification.ts';
import { aNotification } from './support/arrivals.ts';

test('a created object under streams/ has arrived, its key decoded and its ETag without quotes', () => {
  const object = { key: 'streams/a+b%2Bc%C3%BC.csv', size: 5, eTag: '"e1"', versionId: 'v1', sequencer: '0A' };
  expect(arrivalsOf(aNotification(object))).toEqual([
    { kind: 'stream', arrival: { key: 'streams/a b+cü.csv', versionId: 'v1', etag: 'e1', sequencer: '0A', size: 5 } },
  ]);
});

test('songs and users are reference files', () => {
  for (const key of ['reference/songs/songs.csv', 'reference/users/users.csv']) {
    expect(arrivalsOf(aNotification({ key }))).toMatchObject([{ kind: 'reference', arrival: { key } }]);
  }
});

test('folders, other keys and other events are not arrivals', () => {
  expect(arrivalsOf(aNotification({ key: 'streams/' }))).toEqual([]);
  expect(arrivalsOf(aNotification({ key: 'archived/x.csv' }))).toEqual([]);
  expect(arrivalsOf(aNotification({ key: 'streams/x.csv' }, 'ObjectRemoved:Delete'))).toEqual([]);
});

test("S3's test event has no arrivals", () => {
  expect(arrivalsOf({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' })).toEqual([]);
});

test('a body that is not a notification is null', () => {
  for (const body of [undefined, null, 'text', 7, [], {}, { Records: 'x' }, { Records: [{}] }]) {
    expect(arrivalsOf(body)).toBeNull();
  }
});

test('a key that is not form-encoded makes the message malformed and does not throw', () => {
  expect(decodeKey('streams/%E0%A4%A')).toBeNull();
  expect(arrivalsOf(aNotification({ key: 'streams/%E0%A4%A' }))).toBeNull();
});
