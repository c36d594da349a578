import { emfMeter } from '../src/adapters/emf-meter.ts';
import { METRIC_DIMENSIONS, METRIC_NAMESPACE } from '../src/domain/measurement.ts';

const linesOf = (work: () => void): unknown[] => {
  const written: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  try {
    work();
  } finally {
    spy.mockRestore();
  }
  return written.map((line) => JSON.parse(line));
};

const directive = (...metrics: { Name: string; Unit: string }[]) => ({
  Timestamp: expect.any(Number),
  CloudWatchMetrics: [{ Namespace: METRIC_NAMESPACE, Dimensions: [METRIC_DIMENSIONS], Metrics: metrics }],
});
const common = { service: 'music-streaming-load', environment: 'test', correlation_id: 'run' };

test('measurements of a run share a line; those with a date have a line each, with the date as a property', () => {
  const meter = emfMeter('load', 'test');
  const lines = linesOf(() =>
    meter(
      [
        { name: 'ItemsWritten', value: 3 },
        { name: 'DatesLoaded', value: 2 },
        { name: 'FreshnessSeconds', value: 1.5, properties: { date: '2026-11-21' } },
        { name: 'FreshnessSeconds', value: 2, properties: { date: '2026-11-22' } },
      ],
      { correlation_id: 'run' },
    ),
  );
  const fresh = directive({ Name: 'FreshnessSeconds', Unit: 'Seconds' });
  expect(lines).toEqual([
    {
      _aws: directive({ Name: 'ItemsWritten', Unit: 'Count' }, { Name: 'DatesLoaded', Unit: 'Count' }),
      ...common,
      ItemsWritten: 3,
      DatesLoaded: 2,
    },
    { _aws: fresh, ...common, date: '2026-11-21', FreshnessSeconds: 1.5 },
    { _aws: fresh, ...common, date: '2026-11-22', FreshnessSeconds: 2 },
  ]);
});

test('without measurements nothing is written', () => {
  expect(linesOf(() => emfMeter('load', 'test')([]))).toEqual([]);
});
