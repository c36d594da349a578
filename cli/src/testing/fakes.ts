import { gzipSync } from 'node:zlib';
import type { Line } from '../export/export-lines.ts';
import type { ExportSink } from '../export/export-sink.ts';
import type { Item } from '../shared/aws/item.ts';
import { compareKeys } from '../shared/order.ts';
import type { KpiTable, ObjectInfo, Objects, Screen } from '../shared/ports.ts';

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** A bucket in memory; it holds the documents of a store, too. */
export class MemoryObjects implements Objects {
  readonly reads: string[] = [];
  readonly #objects = new Map<string, Buffer>();

  constructor(private readonly documents: { snapshot(): Record<string, unknown> } = { snapshot: () => ({}) }) {}

  #all(): Map<string, Buffer> {
    const documents = Object.entries(this.documents.snapshot());
    return new Map([...documents.map(([key, value]) => [key, bytesOf(value)] as const), ...this.#objects]);
  }

  set(key: string, value: unknown): this {
    this.#objects.set(key, bytesOf(value));
    return this;
  }

  setLines(key: string, lines: readonly unknown[]): this {
    this.#objects.set(key, gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
    return this;
  }

  async *list(prefix: string): AsyncIterable<ObjectInfo> {
    for (const [key, bytes] of [...this.#all()].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (key.startsWith(prefix)) yield { key, etag: String(bytes) };
    }
  }

  async read(key: string): Promise<string | null> {
    this.reads.push(key);
    return this.#all().get(key)?.toString('utf8') ?? null;
  }

  async open(key: string): Promise<AsyncIterable<Uint8Array>> {
    const bytes = this.#objects.get(key) ?? Buffer.alloc(0);
    return (async function* () {
      yield bytes;
    })();
  }

  async put(key: string, path: string): Promise<{ version_id: string; etag: string }> {
    this.#objects.set(key, Buffer.from(path));
    return { version_id: `version of ${path}`, etag: path };
  }

  async write(key: string, text: string): Promise<void> {
    this.#objects.set(key, Buffer.from(text));
  }
}

/** The table in memory, with its index, which holds only items that have both its keys. */
export class MemoryTable implements KpiTable {
  constructor(private readonly items: readonly Item[]) {}

  async *partition(metricKey: string, from: string, to: string): AsyncIterable<Item> {
    const period = (item: Item): string => item.period?.S ?? '';
    const own = this.items.filter((item) => item.metric_key?.S === metricKey);
    yield* own
      .filter((item) => period(item) >= from && period(item) <= to)
      .sort((a, b) => (period(a) < period(b) ? -1 : 1));
  }

  async *period(periodKey: string): AsyncIterable<Item> {
    yield* this.items.filter((item) => item.period_key?.S === periodKey && item.listen_count?.N !== undefined);
  }
}

/** An export in memory. */
export class MemorySink implements ExportSink {
  readonly files: Record<string, string[]> = {};
  ended: 'committed' | 'abandoned' | null = null;

  async write(name: string, lines: AsyncIterable<string>): Promise<number> {
    const written: string[] = [];
    for await (const line of lines) written.push(line);
    this.files[name] = written;
    return written.length;
  }

  async *sorted(lines: AsyncIterable<Line>): AsyncIterable<string> {
    const all: Line[] = [];
    for await (const line of lines) all.push(line);
    yield* all.sort((a, b) => compareKeys(a.sort, b.sort)).map(({ text }) => text);
  }

  async commit(): Promise<void> {
    this.ended = 'committed';
  }

  async abandon(): Promise<void> {
    this.ended = 'abandoned';
  }
}

/** A screen that keeps its lines. */
export class MemoryScreen implements Screen {
  readonly lines: string[] = [];
  line(text: string): void {
    this.lines.push(text);
  }
  progress(): void {}
}
