import type { Exchange, HttpResponse } from '../../src/gateway/exchange.ts';

type Parts = { app?: string; operation?: string; method?: string; url?: string; key?: string };

/** Builds a request of a function (`app` is its name) or of a Glue run (`app` is its mark). */
export const exchangeOf = ({ app = '', operation, method = 'POST', url = '/', key = 'ASIA1' }: Parts): Exchange => ({
  method,
  url,
  headers: { authorization: `AWS4-HMAC-SHA256 Credential=${key}/2026/x`, 'user-agent': `sdk app/${app}` },
  rawHeaders: [],
  operation: operation ?? null,
  body: Buffer.alloc(0),
});

export const OK: HttpResponse = { status: 200, rawHeaders: [], body: Buffer.from('ok') };
