import { RUN } from '../../testing/builders.ts';
import { letterOf } from './dead-letter-message.ts';

const said = (values: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }] as const),
  );

test('the message of a run tells its run, and its attributes why it was given up', () => {
  const Body = JSON.stringify({
    type: 'kpi.requested',
    schema_version: 1,
    run_id: RUN,
    requested_at: '2026-11-23T10:05:02.123Z',
  });
  const MessageAttributes = said({ reason: 'failed 3 times', job_run_id: 'jr_1', error: 'killed' });
  expect(letterOf('music-streaming-kpi-dlq', { Body, MessageAttributes })).toEqual({
    queue: 'music-streaming-kpi-dlq',
    run_id: RUN,
    keys: [],
    request: null,
    reason: 'failed 3 times',
    job_run_id: 'jr_1',
    error: 'killed',
  });
});

test("S3's notification tells its files, whose keys it form-encodes", () => {
  const Records = [
    { eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'b' }, object: { key: 'streams/a+b%2Bc.csv' } } },
  ];
  const letter = letterOf('q', { Body: JSON.stringify({ Records }) });
  expect(letter).toMatchObject({ run_id: null, keys: ['streams/a b+c.csv'], error: '' });
  expect(letter.reason).toContain('its log says why');
});

test('what is no message of ours tells nothing, and no job', () => {
  const MessageAttributes = said({ reason: 'malformed message', job_run_id: '-', error: 'not JSON' });
  expect(letterOf('q', { Body: 'hello', MessageAttributes })).toMatchObject({
    run_id: null,
    keys: [],
    job_run_id: null,
  });
});

test("a person's word names its file, and what was asked", () => {
  const Body = JSON.stringify({
    type: 'file.requested',
    schema_version: 1,
    action: 'release',
    request_id: '00000000-0000-4000-8000-000000000001',
    key: 'streams/a.csv',
    version: 1,
    why: 'checked',
    requested_by: 'ada',
    requested_at: '2026-11-24T09:00:00.000Z',
    patches_key: null,
  });
  expect(letterOf('music-streaming-ingest-dlq', { Body })).toMatchObject({
    run_id: null,
    keys: ['streams/a.csv'],
    request: { action: 'release', request_id: '00000000-0000-4000-8000-000000000001' },
  });
});
