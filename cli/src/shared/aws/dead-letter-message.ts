import type { Message } from '@aws-sdk/client-sqs';
import { FileRequested, S3Notification, StageRequested } from '@music-etl/contracts';
import type { DeadLetterMessage } from '../pipeline/snapshot.ts';

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
};

const decode = (key: string): string => {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
};

const runOf = (body: unknown): string | null => {
  const parsed = StageRequested.safeParse(body);
  return parsed.success ? parsed.data.run_id : null;
};

const requestOf = (body: unknown): FileRequested | null => {
  const parsed = FileRequested.safeParse(body);
  return parsed.success ? parsed.data : null;
};

/** Returns the keys in a notification of S3, which form-encodes them. */
const keysOf = (body: unknown): string[] => {
  const parsed = S3Notification.safeParse(body);
  return parsed.success ? (parsed.data.Records ?? []).map(({ s3 }) => decode(s3.object.key)) : [];
};

/** Reads a message of a dead-letter queue. Start and complete add a reason to it; SQS alone adds none. */
export const deadLetterMessage = (
  queue: string,
  { Body = '', MessageAttributes: attributes = {} }: Message,
): DeadLetterMessage => {
  const job = attributes.job_run_id?.StringValue;
  const body = parse(Body);
  const request = requestOf(body);
  return {
    queue,
    run_id: runOf(body),
    keys: request ? [request.key] : keysOf(body),
    request: request && { action: request.action, request_id: request.request_id },
    reason: attributes.reason?.StringValue ?? 'its function failed on it again and again; its log says why',
    job_run_id: job && job !== '-' ? job : null,
    error: attributes.error?.StringValue ?? '',
  };
};
