import { type FileLedger, ValidateResult } from '@music-etl/contracts';
import { counted, type Measurement } from '@music-etl/stage/measurement';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
const rejected = ({ quarantined }: FileLedger): number => sum(Object.values(quarantined));

/** What became of the rows of a run. The rows of held files are told apart: none of them stands. */
export const measure = (value: unknown): Measurement[] => {
  const { files } = ValidateResult.parse(value);
  const ledgers = (held: boolean): FileLedger[] =>
    files.flatMap(({ outcome, ledger }) => (ledger !== null && (outcome === 'held') === held ? [ledger] : []));
  const [standing, held] = [ledgers(false), ledgers(true)];
  const validated = [...standing, ...held];
  const read = sum(validated.map((ledger) => ledger.read));
  const because = (reason: string): number => sum(validated.map(({ quarantined }) => quarantined[reason] ?? 0));
  const measurements = counted({
    RowsAccepted: sum(standing.map(({ accepted }) => accepted)),
    RowsDuplicate: sum(standing.map(({ duplicate }) => duplicate)),
    RowsQuarantined: sum(validated.map(rejected)),
    RowsMalformedRow: because('malformed_row'),
    RowsMissingField: because('missing_field'),
    RowsBadTimestamp: because('bad_timestamp'),
    RowsTimestampOutOfRange: because('timestamp_out_of_range'),
    RowsBadNumber: because('bad_number'),
    RowsUnknownUser: because('unknown_user'),
    RowsUnknownTrack: because('unknown_track'),
    RowsHeld: sum(held.map((ledger) => ledger.read)),
    FilesHeld: files.filter(({ outcome }) => outcome === 'held').length,
  });
  const share = (100 * sum(validated.map(rejected))) / read;
  return read === 0 ? measurements : [...measurements, { name: 'QuarantinedPercent', value: share }];
};
