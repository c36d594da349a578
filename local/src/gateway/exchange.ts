import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** A request on its way through the gateway. */
export type Exchange = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came: signatures cover them. */
  readonly rawHeaders: readonly string[];
  /** `AWSGlue.StartJobRun` from x-amz-target; null for REST and query protocols. */
  readonly operation: string | null;
  /** A stream until somebody reads it. */
  body: Readable | Buffer;
};

export type Answer = { status: number; rawHeaders: readonly string[]; body: Readable | Buffer };
/** `hang up`: the connection breaks, as when a reply is lost. */
export type Reply = Answer | 'hang up';
export type Next = (exchange: Exchange) => Promise<Reply>;
/** One link of the gateway: answers itself, or completes to `next` before, after or instead. */
export type Interceptor = (exchange: Exchange, next: Next) => Promise<Reply>;

/** Links interceptors, the first outermost, before `last`. */
export const chain = (interceptors: readonly Interceptor[], last: Next): Next =>
  interceptors.reduceRight<Next>((next, interceptor) => (exchange) => interceptor(exchange, next), last);

/** The whole request body; the exchange can still be completed. */
export const readBody = async (exchange: Exchange): Promise<Buffer> => {
  if (!Buffer.isBuffer(exchange.body)) exchange.body = await buffer(exchange.body);
  return exchange.body;
};

/** An answer with its whole body, for those who look into it. */
export const readAnswer = async (answer: Answer): Promise<Answer & { body: Buffer }> => ({
  ...answer,
  body: Buffer.isBuffer(answer.body) ? answer.body : await buffer(answer.body),
});

/** JSON for zod to parse; undefined where it is none. */
export const parseJson = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
};
