import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** A request that passes through the gateway. */
export type Exchange = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, unchanged: signatures cover them. */
  readonly rawHeaders: readonly string[];
  /** `AWSGlue.StartJobRun` from x-amz-target; null for REST and query protocols. */
  readonly operation: string | null;
  /** A stream until `readBody` has read it. */
  body: Readable | Buffer;
};

export type HttpResponse = { status: number; rawHeaders: readonly string[]; body: Readable | Buffer };
/** `hang up` breaks the connection, as when a response is lost. */
export type Reply = HttpResponse | 'hang up';
export type Next = (exchange: Exchange) => Promise<Reply>;
/** One link of the gateway. It replies itself, or passes the request to `next`. */
export type Interceptor = (exchange: Exchange, next: Next) => Promise<Reply>;

/** Puts interceptors before `last`; the first is outermost. */
export const chain = (interceptors: readonly Interceptor[], last: Next): Next =>
  interceptors.reduceRight<Next>((next, interceptor) => (exchange) => interceptor(exchange, next), last);

/** Reads the whole request body. The request can still be passed on. */
export const readBody = async (exchange: Exchange): Promise<Buffer> => {
  if (!Buffer.isBuffer(exchange.body)) exchange.body = await buffer(exchange.body);
  return exchange.body;
};

/** Returns the response with its whole body in memory. */
export const readResponse = async (response: HttpResponse): Promise<HttpResponse & { body: Buffer }> => ({
  ...response,
  body: Buffer.isBuffer(response.body) ? response.body : await buffer(response.body),
});

/** Returns parsed JSON for a schema to check, or undefined if the body is no JSON. */
export const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
};
