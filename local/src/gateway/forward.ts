import { Agent, request } from 'node:http';
import { pipeline } from 'node:stream';
import type { Exchange, HttpResponse, Next } from './exchange.ts';

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'upgrade', 'expect']);
const TLS_HEADER = 'x-forwarded-proto';

const without = (rawHeaders: readonly string[], dropped: (name: string) => boolean): string[] => {
  const kept: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = [rawHeaders[i], rawHeaders[i + 1]];
    if (!dropped(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
};

const endToEnd = (rawHeaders: readonly string[]): string[] => without(rawHeaders, (name) => HOP_BY_HOP.has(name));

/** Returns the headers for the emulator: unchanged, Host too, because signatures cover them; and marked as TLS. */
export const forwardedHeaders = (rawHeaders: readonly string[]): string[] => [
  ...without(rawHeaders, (name) => HOP_BY_HOP.has(name) || name === TLS_HEADER),
  TLS_HEADER,
  'https',
];

export type Forward = { next: Next; close: () => void };

/** Creates the last link: it sends requests to the emulator's socket over kept connections and streams both bodies. */
export const forwardTo = (socketPath: string): Forward => {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 64 });
  const next = (exchange: Exchange): Promise<HttpResponse> =>
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
