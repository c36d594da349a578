import { contentVersion, type FileDocument, type FileState, type FileVersion } from '@music-etl/contracts';
import { listedVersions } from '../shared/listed-versions.ts';
import type { QuarantineFilter } from './filter.ts';

/** The replay that produced a version: its number, and the request behind it. */
interface ReplayOf {
  version: number;
  why: string;
  cause: string;
  requested_by: string;
  requested_at: string;
}

/** The quarantined rows of one version of a file, counted. */
export interface QuarantinedVersion {
  key: string;
  /** The content's version, as an export shows it. */
  version: number;
  /** null: the rows come from the content's first validation. */
  replay: ReplayOf | null;
  state: FileState;
  arrived_at: string;
  rows: number;
  by_reason: Record<string, number>;
  quarantine_key: string;
}

const replayOf = ({ version, replay }: FileVersion): ReplayOf | null => {
  if (replay === null) return null;
  const { why, cause, requested_by, requested_at } = replay;
  return { version, why, cause, requested_by, requested_at };
};

/** Returns the version's number in the file's document, which counts replays too. */
export const versionNumber = ({ version, replay }: QuarantinedVersion): number => replay?.version ?? version;

/** Lists a file's versions with matching quarantined rows: the current version, and a newer one on hold. */
export const quarantinedVersions = (
  file: FileDocument,
  { reason, date }: Pick<QuarantineFilter, 'reason' | 'date'>,
): QuarantinedVersion[] =>
  listedVersions(file).flatMap((version) => {
    const { state, arrived_at, ledger, quarantine_key } = version;
    if (!ledger || quarantine_key === null || state === 'rejected') return [];
    if (date !== null && !arrived_at.startsWith(date)) return [];
    const matching = Object.entries(ledger.quarantined).filter(([code, n]) => n > 0 && (reason ?? code) === code);
    const rows = matching.reduce((sum, [, n]) => sum + n, 0);
    if (rows === 0) return [];
    return [
      {
        key: file.key,
        version: contentVersion(version),
        replay: replayOf(version),
        state,
        arrived_at,
        rows,
        by_reason: Object.fromEntries(matching),
        quarantine_key,
      },
    ];
  });
