import { createServer, type Server } from 'node:http';
import type { S3Client } from '@aws-sdk/client-s3';
import { close, listen, s3ClientOf } from '@music-etl/testing/local-server';

const PAGE = 2;

export interface Listed {
  readonly key: string;
  readonly versionId: string;
  readonly marker?: boolean;
}

/** Serves ListObjectVersions of the versions in `listed`, in small pages. It URL-encodes keys if `encodes` is true. */
export class VersionedS3 {
  readonly #server: Server = createServer((request, response) => {
    this.requests.push(`${request.method} ${request.url}`);
    response.end(this.#list(new URL(request.url ?? '/', 'http://s3').searchParams));
  });
  readonly requests: string[] = [];
  /** Ordered by key, newest first. */
  listed: readonly Listed[] = [];
  encodes = true;

  async start(): Promise<S3Client> {
    return s3ClientOf(await listen(this.#server));
  }

  stop(): Promise<void> {
    return close(this.#server);
  }

  #encode(key: string): string {
    return this.encodes ? encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/') : key;
  }

  #entry({ key, versionId, marker }: Listed): string {
    const common = `<Key>${this.#encode(key)}</Key><VersionId>${versionId}</VersionId><IsLatest>true</IsLatest>`;
    if (marker) return `<DeleteMarker>${common}</DeleteMarker>`;
    const more = '<ETag>&quot;e&quot;</ETag><Size>5</Size><LastModified>2026-11-23T10:10:00.000Z</LastModified>';
    return `<Version>${common}${more}</Version>`;
  }

  #list(query: URLSearchParams): string {
    const all = this.listed.filter(({ key }) => key.startsWith(query.get('prefix') ?? ''));
    const [key, versionId] = [query.get('key-marker'), query.get('version-id-marker')];
    const from = all.findIndex((each) => each.key === key && each.versionId === versionId) + 1;
    const page = all.slice(from, from + PAGE);
    const last = page.at(-1);
    const more = from + PAGE < all.length && last !== undefined;
    const next = more
      ? `<NextKeyMarker>${this.#encode(last.key)}</NextKeyMarker>` +
        `<NextVersionIdMarker>${last.versionId}</NextVersionIdMarker>`
      : '';
    const encoding = this.encodes ? '<EncodingType>url</EncodingType>' : '';
    const entries = page.map((each) => this.#entry(each)).join('');
    return `<ListVersionsResult>${encoding}<IsTruncated>${more}</IsTruncated>${next}${entries}</ListVersionsResult>`;
  }
}
