import { RUN } from '../../testing/builders.ts';
import { deadLetterMessage } from './dead-letter-message.ts';

const attributes = (values: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }] as const),
  );

test("a run's message has its run, and its attributes the reason why it was given up", () => {
  const Body = JSON.stringify({
    type: 'kpi.requested',
    schema_version: 1,
    run_id: RUN,
    requested_at: '2026-11-23T10:05:02.123Z',
  });
  const MessageAttributes = attributes({ reason: 'failed 3 times', job_run_id: 'jr_1', error: 'killed' });
  expect(deadLetterMessage('music-streaming-kpi-dlq', { Body, MessageAttributes })).toEqual({
    queue: 'music-streaming-kpi-dlq',
    run_id: RUN,
    keys: [],
    request: null,
    reason: 'failed 3 times',
    job_run_id: 'jr_1',
    error: 'killed',
  });
});

test('a notification of S3 has its files, whose keys are decoded', () => {
  const Records = [
    { eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'b' }, object: { key: 'streams/a+b%2Bc.csv' } } },
  ];
  const message = deadLetterMessage('q', { Body: JSON.stringify({ Records }) });
  expect(message).toMatchObject({ run_id: null, keys: ['streams/a b+c.csv'], error: '' });
  expect(message.reason).toContain('its log says why');
});

test('a message that is not of the pipeline has neither run nor files nor job', () => {
  const MessageAttributes = attributes({ reason: 'malformed message', job_run_id: '-', error: 'not JSON' });
  expect(deadLetterMessage('q', { Body: 'hello', MessageAttributes })).toMatchObject({
    run_id: null,
    keys: [],
    job_run_id: null,
  });
});

test("a person's request has its file and its action", () => {
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
  expect(deadLetterMessage('music-streaming-ingest-dlq', { Body })).toMatchObject({
    run_id: null,
    keys: ['streams/a.csv'],
    request: { action: 'release', request_id: '00000000-0000-4000-8000-000000000001' },
  });
});
