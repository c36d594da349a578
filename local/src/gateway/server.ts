import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { errorText } from '../error-text.ts';
import { LocalStackError } from '../errors.ts';
import type { Exchange, Next, Reply } from './exchange.ts';

const HOST = '127.0.0.1';

const exchangeOf = (request: IncomingMessage): Exchange => {
  const target = request.headers['x-amz-target'];
  return {
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    operation: typeof target === 'string' ? target : null,
    body: request,
  };
};

const send = (reply: Reply, response: ServerResponse): void => {
  if (reply === 'hang up') {
    response.destroy();
    return;
  }
  // The client is gone: a function that timed out, a job that was killed.
  if (response.destroyed || response.closed || response.socket?.destroyed !== false) {
    if (!Buffer.isBuffer(reply.body)) reply.body.destroy();
    return;
  }
  response.writeHead(reply.status, [...reply.rawHeaders]);
  if (Buffer.isBuffer(reply.body)) response.end(reply.body);
  else pipeline(reply.body, response, () => {});
};

const unavailable = (response: ServerResponse, error: unknown): void => {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const message = `the local stack cannot reach its emulator: ${errorText(error)}`;
  response.writeHead(503, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify({ __type: 'ServiceUnavailableException', message }));
};

const listen = (server: Server, port: number): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    };
    server.once('error', failed);
    server.listen(port, HOST, () => {
      server.off('error', failed);
      resolve(port);
    });
  });

export type Gateway = {
  endpoint: string;
  port: number;
  /** Sets the handler of requests; until then they wait. */
  open: (next: Next) => void;
  close: () => Promise<void>;
};

/** Below the ports of outgoing connections, so that the port of kept state is free at the next start. */
const LOWEST_PORT = 21_000;
const PORTS = 10_000;
const TRIES = 50;

const listenAnywhere = async (server: Server): Promise<number> => {
  for (let i = 0; i < TRIES; i += 1) {
    const port = await listen(server, LOWEST_PORT + Math.floor(Math.random() * PORTS));
    if (port !== null) return port;
  }
  throw new LocalStackError(`the gateway finds no free port on ${HOST}`);
};

const listenAgain = async (server: Server, port: number): Promise<number> => {
  if ((await listen(server, port)) !== null) return port;
  throw new LocalStackError(
    `port ${port}, which the kept state has in its queue URLs, is in use; free it or start without state`,
  );
};

/** Listens on `keptPort`, or on any free port if that is null. */
export const startGateway = async (keptPort: number | null): Promise<Gateway> => {
  let open: (next: Next) => void = () => {};
  const opened = new Promise<Next>((resolve) => {
    open = resolve;
  });
  const server = createServer((request, response) => {
    response.sendDate = false;
    response.on('error', () => {});
    opened
      .then((next) => next(exchangeOf(request)))
      .then(
        (reply) => send(reply, response),
        (error: unknown) => unavailable(response, error),
      );
  });
  Object.assign(server, { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 120_000, timeout: 0 });
  const port = keptPort === null ? await listenAnywhere(server) : await listenAgain(server, keptPort);
  return {
    endpoint: `http://${HOST}:${port}`,
    port,
    open,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
