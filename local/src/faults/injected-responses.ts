import type { Exchange, HttpResponse } from '../gateway/exchange.ts';

const json = (status: number, type: string): HttpResponse => ({
  status,
  rawHeaders: ['content-type', 'application/x-amz-json-1.0', 'x-amzn-errortype', type],
  body: Buffer.from(JSON.stringify({ __type: type, message: 'injected fault' })),
});

const xml = (status: number, code: string): HttpResponse => ({
  status,
  rawHeaders: ['content-type', 'application/xml'],
  body: Buffer.from(`<Error><Code>${code}</Code><Message>injected fault</Message></Error>`),
});

type Rejection = { readonly kind: string; readonly rest: HttpResponse; readonly json: HttpResponse };

const REJECTIONS: readonly [Rejection, ...Rejection[]] = [
  { kind: 'responded 500', rest: xml(500, 'InternalError'), json: json(500, 'InternalFailure') },
  { kind: 'responded 503', rest: xml(503, 'ServiceUnavailable'), json: json(503, 'ServiceUnavailable') },
  { kind: 'throttled', rest: xml(503, 'SlowDown'), json: json(400, 'ThrottlingException') },
];

const AT_CAPACITY = [
  'ConcurrentRunsExceededException',
  'ThrottlingException',
  'ResourceNumberLimitExceededException',
] as const;

const pick = <T>(all: readonly [T, ...T[]], chance: number): T => all[Math.floor(chance * all.length)] ?? all[0];

export type InjectedResponse = { readonly kind: string; readonly response: HttpResponse };

/** Returns the error of a busy service, in the form of the request's protocol. */
export const rejection = ({ operation }: Exchange, chance: number): InjectedResponse => {
  const { kind, rest, json: other } = pick(REJECTIONS, chance);
  return { kind, response: operation === null ? rest : other };
};

/** Returns an error with which Glue rejects StartJobRun at capacity. */
export const atCapacity = (chance: number): InjectedResponse => {
  const kind = pick(AT_CAPACITY, chance);
  return { kind, response: json(400, kind) };
};
