import { countQuarantined, type FileLedger, ROW_REASONS, rowsMetric, type ValidateResult } from '@music-etl/contracts';
import { counted, type Measurement, type MetricName } from '@music-etl/stage';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

const byReason = (ledgers: readonly FileLedger[]): Partial<Record<MetricName, number>> =>
  Object.fromEntries(
    ROW_REASONS.map((reason) => [rowsMetric(reason), sum(ledgers.map(({ quarantined }) => quarantined[reason] ?? 0))]),
  );

/** Measures the rows of a run by outcome. Accepted and duplicate rows of files on hold do not count as such. */
export const measure = ({ files }: ValidateResult): Measurement[] => {
  const ledgersOf = (onHold: boolean): FileLedger[] =>
    files.flatMap(({ outcome, ledger }) => (ledger !== null && (outcome === 'held') === onHold ? [ledger] : []));
  const [effective, held] = [ledgersOf(false), ledgersOf(true)];
  const all = [...effective, ...held];
  const read = sum(all.map((ledger) => ledger.read));
  const quarantined = sum(all.map(countQuarantined));
  const measurements = counted({
    ...byReason(all),
    RowsAccepted: sum(effective.map(({ accepted }) => accepted)),
    RowsDuplicate: sum(effective.map(({ duplicate }) => duplicate)),
    RowsQuarantined: quarantined,
    RowsHeld: sum(held.map((ledger) => ledger.read)),
    FilesHeld: files.filter(({ outcome }) => outcome === 'held').length,
    ReusedEventIds: sum(files.map(({ reused_event_ids }) => reused_event_ids)),
  });
  return read === 0
    ? measurements
    : [...measurements, { name: 'QuarantinedPercent', value: (100 * quarantined) / read }];
};
