import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { startGateway } from '../../src/gateway/server.ts';

test('a response whose client is gone does not affect other requests', async () => {
  const gateway = await startGateway(null);
  try {
    let respond = (): void => {};
    const late = new Promise<void>((resolve) => {
      respond = resolve;
    });
    gateway.open(async (exchange) => {
      if (exchange.url === '/late') await late;
      return { status: 200, rawHeaders: [], body: Readable.from(['here']) };
    });
    const client = connect(gateway.port, '127.0.0.1');
    await once(client, 'connect');
    client.write('GET /late HTTP/1.1\r\nHost: here\r\n\r\n');
    await setTimeout(50);
    client.destroy();
    await setTimeout(50);
    respond();
    await setTimeout(50);
    expect(await (await fetch(`${gateway.endpoint}/soon`)).text()).toBe('here');
  } finally {
    await gateway.close();
  }
});
