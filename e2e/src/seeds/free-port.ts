import { createServer } from 'node:net';

/** The ports of gateways (local/src/gateway/server.ts). All of them have five digits. */
const LOWEST_PORT = 21_000;
const PORTS = 10_000;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** Finds a free port for a gateway. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = LOWEST_PORT + Math.floor(Math.random() * PORTS);
    if (await isFree(port)) return port;
  }
};
