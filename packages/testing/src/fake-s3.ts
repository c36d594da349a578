import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { S3Client } from '@aws-sdk/client-s3';
import { close, listen, s3ClientOf } from './local-server.ts';

const PAGE = 2;

type Answer = { readonly status: number; readonly body?: string; readonly etag?: string };

const error = (status: number, code: string): Answer => ({ status, body: `<Error><Code>${code}</Code></Error>` });

/** Serves the part of S3 that documents need on a local port, to test the real client's requests and errors. */
export class FakeS3 {
  readonly #objects = new Map<string, string>();
  readonly #server: Server = createServer((request, response) => void this.#serve(request, response));
  /** Answers the next request, once. */
  next: Answer | null = null;

  /** Starts to listen and returns the address. */
  listen(): Promise<string> {
    return listen(this.#server);
  }

  async start(): Promise<S3Client> {
    return s3ClientOf(await this.listen());
  }

  stop(): Promise<void> {
    return close(this.#server);
  }

  keys(): string[] {
    return [...this.#objects.keys()].sort();
  }

  clear(): void {
    this.#objects.clear();
  }

  put(key: string, body: string): void {
    this.#objects.set(key, body);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const url = new URL(request.url ?? '/', 'http://s3');
    const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'));
    const answer = this.next ?? this.#answer(request, url, key, Buffer.concat(chunks).toString());
    this.next = null;
    response.writeHead(answer.status, answer.etag === undefined ? {} : { etag: answer.etag });
    response.end(answer.body);
  }

  #answer(request: IncomingMessage, url: URL, key: string, body: string): Answer {
    if (key === '') return this.#list(url.searchParams);
    if (request.method === 'PUT') return this.#put(request, key, body);
    const found = this.#objects.get(key);
    if (request.method === 'DELETE') {
      this.#objects.delete(key);
      return { status: 204 };
    }
    return found === undefined ? error(404, 'NoSuchKey') : { status: 200, body: found, etag: etagOf(found) };
  }

  #put(request: IncomingMessage, key: string, body: string): Answer {
    const there = this.#objects.get(key);
    const { 'if-match': match, 'if-none-match': none } = request.headers;
    if (none === '*' && there !== undefined) return error(412, 'PreconditionFailed');
    if (match !== undefined && there === undefined) return error(404, 'NoSuchKey');
    if (match !== undefined && there !== undefined && match !== etagOf(there)) return error(412, 'PreconditionFailed');
    this.#objects.set(key, body);
    return { status: 200, etag: etagOf(body) };
  }

  #list(query: URLSearchParams): Answer {
    const after = query.get('continuation-token') ?? '';
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(query.get('prefix') ?? '')).sort();
    const rest = keys.filter((key) => key > after);
    const page = rest.slice(0, PAGE);
    const more = rest.length > PAGE ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    const contents = page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
    return { status: 200, body: `<ListBucketResult>${contents}${more}</ListBucketResult>` };
  }
}

const etagOf = (body: string): string => `"${createHash('md5').update(body).digest('hex')}"`;
