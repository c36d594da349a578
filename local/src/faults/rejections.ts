import type { Answer, Exchange } from '../gateway/exchange.ts';

const json = (status: number, type: string): Answer => ({
  status,
  rawHeaders: ['content-type', 'application/x-amz-json-1.0', 'x-amzn-errortype', type],
  body: Buffer.from(JSON.stringify({ __type: type, message: 'injected fault' })),
});

const xml = (status: number, code: string): Answer => ({
  status,
  rawHeaders: ['content-type', 'application/xml'],
  body: Buffer.from(`<Error><Code>${code}</Code><Message>injected fault</Message></Error>`),
});

type Rejection = { readonly kind: string; readonly rest: Answer; readonly json: Answer };

const REJECTIONS: readonly [Rejection, ...Rejection[]] = [
  { kind: 'answered 500', rest: xml(500, 'InternalError'), json: json(500, 'InternalFailure') },
  { kind: 'answered 503', rest: xml(503, 'ServiceUnavailable'), json: json(503, 'ServiceUnavailable') },
  { kind: 'throttled', rest: xml(503, 'SlowDown'), json: json(400, 'ThrottlingException') },
];

const pick = <T>(all: readonly [T, ...T[]], chance: number): T => all[Math.floor(chance * all.length)] ?? all[0];

/** How a busy service answers, in the words of its protocol. */
export const rejection = ({ operation }: Exchange, chance: number): { kind: string; answer: Answer } => {
  const { kind, rest, json: other } = pick(REJECTIONS, chance);
  return { kind, answer: operation === null ? rest : other };
};

/** How Glue answers StartJobRun when there is no room. */
export const atCapacity = (chance: number): { kind: string; answer: Answer } => {
  const kind = pick(
    ['ConcurrentRunsExceededException', 'ThrottlingException', 'ResourceNumberLimitExceededException'],
    chance,
  );
  return { kind, answer: json(400, kind) };
};
