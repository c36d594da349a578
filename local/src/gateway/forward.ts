import { Agent, request } from 'node:http';
import { pipeline } from 'node:stream';
import type { Answer, Exchange, Next } from './exchange.ts';

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'upgrade', 'expect']);
const TLS_MARK = 'x-forwarded-proto';

const without = (rawHeaders: readonly string[], dropped: (name: string) => boolean): string[] => {
  const kept: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = [rawHeaders[i], rawHeaders[i + 1]];
    if (!dropped(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
};

export const endToEnd = (rawHeaders: readonly string[]): string[] =>
  without(rawHeaders, (name) => HOP_BY_HOP.has(name));

/** What goes to the emulator: everything as it came (Host too, signatures cover it), marked as having come by TLS. */
export const forwardedHeaders = (rawHeaders: readonly string[]): string[] => [
  ...without(rawHeaders, (name) => HOP_BY_HOP.has(name) || name === TLS_MARK),
  TLS_MARK,
  'https',
];

export type Forward = { next: Next; close: () => void };

/** The last link: hands the request to the emulator's socket over kept connections, bodies streaming both ways. */
export const forwardTo = (socketPath: string): Forward => {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 64 });
  const next = (exchange: Exchange): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { method, url, body } = exchange;
      const headers = forwardedHeaders(exchange.rawHeaders);
      const outgoing = request({ socketPath, agent, method, path: url, headers, setHost: false }, (incoming) => {
        resolve({ status: incoming.statusCode ?? 502, rawHeaders: endToEnd(incoming.rawHeaders), body: incoming });
      });
      outgoing.once('error', reject);
      if (Buffer.isBuffer(body)) outgoing.end(body);
      else pipeline(body, outgoing, (error) => error && outgoing.destroy(error));
    });
  return { next, close: () => agent.destroy() };
};
