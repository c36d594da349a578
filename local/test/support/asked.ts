import type { Answer, Exchange } from '../../src/gateway/exchange.ts';

type Asked = { app?: string; operation?: string; method?: string; url?: string; key?: string };

/** A request as a function (`app`: its name) or a Glue run (`app`: its mark) makes it. */
export const asked = ({ app = '', operation, method = 'POST', url = '/', key = 'ASIA1' }: Asked): Exchange => ({
  method,
  url,
  headers: { authorization: `AWS4-HMAC-SHA256 Credential=${key}/2026/x`, 'user-agent': `sdk app/${app}` },
  rawHeaders: [],
  operation: operation ?? null,
  body: Buffer.alloc(0),
});

export const fine: Answer = { status: 200, rawHeaders: [], body: Buffer.from('fine') };
