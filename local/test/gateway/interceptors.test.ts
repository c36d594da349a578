import { jsonResponse } from '../../src/gateway/aws-json.ts';
import { chain, type HttpResponse, type Interceptor, type Next } from '../../src/gateway/exchange.ts';
import { forwardedHeaders } from '../../src/gateway/forward.ts';
import { exchangeOf } from '../support/exchanges.ts';

describe('the gateway', () => {
  it('calls interceptors in order, and each may reply itself', async () => {
    const seen: string[] = [];
    const link =
      (name: string): Interceptor =>
      async (exchange, next) => {
        seen.push(name);
        return name === exchange.operation ? 'hang up' : next(exchange);
      };
    const last: Next = async (): Promise<HttpResponse> => jsonResponse(200, {});
    const next = chain([link('a'), link('b')], last);
    expect(await next(exchangeOf({ operation: 'x' }))).toMatchObject({ status: 200 });
    expect(await next(exchangeOf({ operation: 'a' }))).toBe('hang up');
    expect(seen).toEqual(['a', 'b', 'a']);
  });

  it('forwards headers unchanged, Host too, and marks the request as TLS', () => {
    const received = ['Host', 'h:1', 'Connection', 'close', 'X-Forwarded-Proto', 'http', 'Authorization', 'AWS4'];
    expect(forwardedHeaders([...received, 'Expect', '100-continue'])).toEqual([
      ...['Host', 'h:1', 'Authorization', 'AWS4'],
      ...['x-forwarded-proto', 'https'],
    ]);
  });
});
