import type { Objects } from '../shared/ports.ts';
import { type QuarantinedRow, readQuarantinedRows } from '../shared/quarantined-rows.ts';
import type { QuarantineFilter } from './filter.ts';
import type { QuarantinedVersion } from './quarantined-version.ts';

/** A quarantined row and the version it belongs to. */
export interface ShownRow {
  version: QuarantinedVersion;
  row: QuarantinedRow;
}

/**
 * Yields up to `limit` rows with the filter's reason, in the order of `versions` and of their lines. It reads no
 * further than it yields.
 */
export async function* readMatchingRows(
  objects: Objects,
  versions: readonly QuarantinedVersion[],
  { reason }: Pick<QuarantineFilter, 'reason'>,
  limit: number,
): AsyncGenerator<ShownRow> {
  let shown = 0;
  for (const version of versions) {
    for await (const row of readQuarantinedRows(objects, version.quarantine_key)) {
      if (reason !== null && row.reason !== reason) continue;
      yield { version, row };
      shown += 1;
      if (shown === limit) return;
    }
  }
}
