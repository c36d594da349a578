import { NOW } from '@music-etl/testing';
import type { RawObjects, RawVersion } from '../../src/app/raw-objects.ts';

/** Raw objects in memory, in the order in which they were put. */
export class FakeRawStore implements RawObjects {
  readonly deleted: string[] = [];
  #versions: RawVersion[] = [];
  /** Runs before every call, so that other work can come in between. */
  turn: () => Promise<void> = async () => {};

  put(version: Partial<RawVersion> & Pick<RawVersion, 'key' | 'versionId'>): void {
    const older = this.#versions.map((each) => (each.key === version.key ? { ...each, isLatest: false } : each));
    const rest = { etag: 'content-1', size: 100, lastModified: NOW, isLatest: true };
    this.#versions = [...older, { ...rest, ...version }];
  }

  async versionsOf(key: string): Promise<RawVersion[]> {
    await this.turn();
    return this.#versions.filter((version) => version.key === key);
  }

  async *keysUnder(prefix: string): AsyncGenerator<readonly RawVersion[]> {
    const keys = new Set(this.#versions.map(({ key }) => key).filter((key) => key.startsWith(prefix)));
    for (const key of [...keys].sort()) yield await this.versionsOf(key);
  }

  async deleteVersion(key: string, versionId: string): Promise<void> {
    await this.turn();
    this.deleted.push(`${key}@${versionId}`);
    this.#versions = this.#versions.filter((version) => version.key !== key || version.versionId !== versionId);
  }
}
