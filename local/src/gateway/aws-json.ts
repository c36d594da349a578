import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Answer, type Exchange, type Next, parseJson, readAnswer, readBody } from './exchange.ts';

/** An error as AWS's JSON protocols answer it. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export const jsonAnswer = (status: number, value: unknown, version: '1.0' | '1.1' = '1.1'): Answer => {
  const body = Buffer.from(JSON.stringify(value));
  const headers = ['content-type', `application/x-amz-json-${version}`, 'content-length', String(body.length)];
  return { status, rawHeaders: [...headers, 'x-amzn-requestid', randomUUID()], body };
};

export const errorAnswer = (error: AwsError, version: '1.0' | '1.1' = '1.1'): Answer =>
  jsonAnswer(error.status, { __type: error.code, message: error.message, Message: error.message }, version);

const ErrorBody = z.object({ __type: z.string() });

/** The error code of an answer, without its namespace; null for a success. */
export const errorCode = (answer: Answer & { body: Buffer }): string | null => {
  if (answer.status < 300) return null;
  const parsed = ErrorBody.safeParse(parseJson(answer.body));
  return parsed.success ? (parsed.data.__type.split('#').at(-1) ?? '') : `HTTP ${answer.status}`;
};

/** Input of an operation by its schema, as AWS would complain. */
export const parseInput = async <T>(exchange: Exchange, schema: z.ZodType<T>): Promise<T> => {
  const parsed = schema.safeParse(parseJson(await readBody(exchange)) ?? {});
  if (parsed.success) return parsed.data;
  throw new AwsError('InvalidInputException', z.prettifyError(parsed.error));
};

/**
 * Lets the emulator check signature and permissions by sending it the request first. Null: the caller may do this;
 * else what to answer. `harmless` are the errors that the emulator only reaches once the caller was allowed.
 */
export const authorise = async (
  exchange: Exchange,
  next: Next,
  harmless: readonly string[],
): Promise<Answer | null> => {
  await readBody(exchange);
  const reply = await next(exchange);
  if (reply === 'hang up') throw new AwsError('InternalServiceException', 'the emulator hung up', 500);
  const answer = await readAnswer(reply);
  const code = errorCode(answer);
  return code === null || harmless.includes(code) ? null : answer;
};

/** Runs `work` and turns its AwsError into an answer. */
export const answering = async (version: '1.0' | '1.1', work: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AwsError) return errorAnswer(error, version);
    throw error;
  }
};
