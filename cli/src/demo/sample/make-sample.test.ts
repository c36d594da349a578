import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { textColumns } from '../../put/column-names.ts';
import { detectKind } from '../../put/detect-format.ts';
import { DEFECTS } from './defects.ts';
import { makeSample, type SampleFile } from './make-sample.ts';

const OPTIONS = { seed: 7, today: '2026-11-23' };
const sample = makeSample(OPTIONS);
const streams = sample.files.filter(({ kind }) => kind === 'stream');

const textOf = ({ name, bytes }: SampleFile): string => {
  if (name.endsWith('.gz')) return gunzipSync(bytes).toString('utf8');
  return (name.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes).toString('utf8');
};
const rowsOf = (file: SampleFile): string[] =>
  textOf(file)
    .trimEnd()
    .split('\n')
    .slice(file.name.includes('.jsonl') ? 0 : 1);

test('the same seed and day make the same bytes, another seed does not', () => {
  const again = makeSample(OPTIONS);
  expect(again.files.every(({ bytes }, i) => bytes.equals(sample.files[i]?.bytes ?? Buffer.alloc(0)))).toBe(true);
  expect(makeSample({ ...OPTIONS, seed: 8 }).files[0]?.bytes.equals(sample.files[0]?.bytes ?? Buffer.alloc(0))).toBe(
    false,
  );
});

test('the sample has three days before today, in 36 files of five formats', () => {
  expect(sample.dates).toEqual(['2026-11-20', '2026-11-21', '2026-11-22']);
  expect(streams).toHaveLength(36);
  expect(new Set(streams.map(({ name }) => name.replace(/^.*?\./, '')))).toEqual(
    new Set(['csv', 'csv.gz', 'csv.zst', 'jsonl', 'jsonl.gz']),
  );
  for (const file of sample.files) expect(detectKind(textColumns(textOf(file).slice(0, 2000)))).toBe(file.kind);
});

test('the rows are counted', () => {
  expect(streams.reduce((sum, file) => sum + rowsOf(file).length, 0)).toBe(sample.rows);
  expect(sample.rows).toBeGreaterThan(30_000);
  expect(sample.rows).toBeLessThan(60_000);
});

test('about one row in a hundred is wrong, with every defect', () => {
  const wrong = Object.values(sample.quarantined).reduce((sum, rows) => sum + rows, 0);
  expect(wrong / sample.rows).toBeGreaterThan(0.007);
  expect(wrong / sample.rows).toBeLessThan(0.013);
  for (const defect of DEFECTS) expect(sample.quarantined[defect]).toBeGreaterThan(20);
  expect(sample.repeated.within).toBeGreaterThan(5);
  expect(sample.repeated.across).toBeGreaterThan(1);
});

test('the duplicates within files are counted', () => {
  const duplicates = streams.reduce((sum, file) => sum + rowsOf(file).length - new Set(rowsOf(file)).size, 0);
  expect(duplicates).toBe(sample.repeated.within);
});

test('few tracks are heard often, most seldom; evenings are busier than nights', () => {
  const plays = new Map<string, number>();
  const hours = new Array<number>(24).fill(0);
  for (const file of streams.filter(({ name }) => name.includes('mobile'))) {
    for (const row of rowsOf(file)) {
      const [, track, hour] = /"track_id":"(\w{22})","listen_time":"\d{4}-\d\d-\d\dT(\d\d)/.exec(row) ?? [];
      if (!track || !hour) continue;
      plays.set(track, (plays.get(track) ?? 0) + 1);
      hours[Number(hour)] = (hours[Number(hour)] ?? 0) + 1;
    }
  }
  const counts = [...plays.values()].sort((a, b) => b - a);
  const total = counts.reduce((sum, n) => sum + n, 0);
  const top = counts.slice(0, Math.floor(counts.length / 10)).reduce((sum, n) => sum + n, 0);
  expect(top / total).toBeGreaterThan(0.35);
  expect((hours[19] ?? 0) / (hours[3] ?? 1)).toBeGreaterThan(4);
});
