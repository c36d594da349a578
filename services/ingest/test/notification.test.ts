import { arrivalsOf, decodeKey } from '../src/domain/notification.ts';
import { aNotification } from './support/records.ts';

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

test('folders, other keys and other events are no arrivals', () => {
  expect(arrivalsOf(aNotification({ key: 'streams/' }))).toEqual([]);
  expect(arrivalsOf(aNotification({ key: 'archived/x.csv' }))).toEqual([]);
  expect(arrivalsOf(aNotification({ key: 'streams/x.csv' }, 'ObjectRemoved:Delete'))).toEqual([]);
});

test("S3's test event is understood and holds nothing", () => {
  expect(arrivalsOf({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' })).toEqual([]);
});

test('what is no notification of ours is told apart', () => {
  for (const body of [undefined, null, 'text', 7, [], {}, { Records: 'x' }, { Records: [{}] }]) {
    expect(arrivalsOf(body)).toBeNull();
  }
});

test('a key that is no form-encoded text makes the message malformed, not the function fail', () => {
  expect(decodeKey('streams/%E0%A4%A')).toBeNull();
  expect(arrivalsOf(aNotification({ key: 'streams/%E0%A4%A' }))).toBeNull();
});
