import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Exchange, type HttpResponse, type Next, parseJson, readBody, readResponse } from './exchange.ts';

/** An error in the form of AWS's JSON protocols. */
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

type JsonVersion = '1.0' | '1.1';

export const jsonResponse = (status: number, value: unknown, version: JsonVersion = '1.1'): HttpResponse => {
  const body = Buffer.from(JSON.stringify(value));
  const headers = ['content-type', `application/x-amz-json-${version}`, 'content-length', String(body.length)];
  return { status, rawHeaders: [...headers, 'x-amzn-requestid', randomUUID()], body };
};

const errorResponse = (error: AwsError, version: JsonVersion): HttpResponse =>
  jsonResponse(error.status, { __type: error.code, message: error.message, Message: error.message }, version);

const ErrorBody = z.object({ __type: z.string() });

/** Returns the error code of a response without its namespace, or null for a success. */
const errorCode = (response: HttpResponse & { body: Buffer }): string | null => {
  if (response.status < 300) return null;
  const parsed = ErrorBody.safeParse(parseJson(response.body));
  return parsed.success ? (parsed.data.__type.split('#').at(-1) ?? '') : `HTTP ${response.status}`;
};

/** Returns an operation's input by its schema. Throws AWS's error if the input does not match. */
export const parseInput = async <T>(exchange: Exchange, schema: z.ZodType<T>): Promise<T> => {
  const parsed = schema.safeParse(parseJson(await readBody(exchange)) ?? {});
  if (parsed.success) return parsed.data;
  throw new AwsError('InvalidInputException', z.prettifyError(parsed.error));
};

/** Sends the request to the emulator, which checks its signature and permissions. Returns null if it is allowed. */
const rejectionBy = async (
  next: Next,
  exchange: Exchange,
  harmless: readonly string[],
): Promise<HttpResponse | null> => {
  await readBody(exchange);
  const reply = await next(exchange);
  if (reply === 'hang up') throw new AwsError('InternalServiceException', 'the emulator hung up', 500);
  const response = await readResponse(reply);
  const code = errorCode(response);
  return code === null || harmless.includes(code) ? null : response;
};

type Handling = {
  exchange: Exchange;
  next: Next;
  version: JsonVersion;
  /** Errors that the emulator returns only after it has allowed the request. */
  harmless: readonly string[];
};

/** Handles a request that the emulator allows, and turns AwsErrors into responses. */
export const handleAllowed = async (
  { exchange, next, version, harmless }: Handling,
  handle: () => Promise<HttpResponse>,
): Promise<HttpResponse> => {
  try {
    return (await rejectionBy(next, exchange, harmless)) ?? (await handle());
  } catch (error) {
    if (error instanceof AwsError) return errorResponse(error, version);
    throw error;
  }
};
