import { aDate } from '@music-etl/testing';
import type { Outcome } from '../shared/pipeline/outcome.ts';
import type { Snapshot } from '../shared/pipeline/snapshot.ts';
import { aFile, aSnapshot, aStage } from '../testing/builders.ts';
import { renderRun } from './render.ts';
import { type RunReport, reportRun } from './run-report.ts';

const EXPECTED = [
  { key: 'streams/a.csv', version_id: 'v1' },
  { key: 'streams/b.csv', version_id: 'v1' },
];
const ledger = { read: 5, accepted: 0, quarantined: { unknown_user: 5 }, duplicate: 0 };
const HELD = aFile('streams/b.csv', { state: 'held', ledger, dates: {} });
const report = (outcome: Outcome, snapshot: Partial<Snapshot>): RunReport => ({
  ...reportRun(aSnapshot(snapshot), EXPECTED, outcome, []),
  exported: { out: 'out', lines: { genre_daily: 1200, files: 2 }, incomplete: [] },
  seconds: { start: 3.1, process: 12 },
});

test('a run is good when every file has a proper end and every ledger balances', () => {
  const good = report({ kind: 'terminal' }, { files: [aFile('streams/a.csv'), HELD], dates: [aDate('2018-11-15')] });
  expect(good.ok).toBe(true);
  expect(renderRun(good)).toEqual([
    '',
    'every file has reached a terminal state: 2 files (1 archived, 1 on hold)',
    'rows: 15 read = 7 accepted + 7 quarantined + 1 duplicate',
    'dates: 1 with accepted rows',
    'ledgers: all of them balance',
    'ON HOLD streams/b.csv version 1',
    expect.stringContaining('none of its rows count'),
    ...Array.from({ length: 5 }, () => expect.any(String)),
    'exported to out, in lines:',
    '  genre_daily 1,200, files 2',
    'time: start 3.1 s, process 12 s',
  ]);
});

test('a run is not good when rows of a date are missing', () => {
  const bad = report({ kind: 'terminal' }, { files: [aFile('streams/a.csv'), HELD] });
  expect(bad.ok).toBe(false);
  expect(renderRun(bad)).toContain('ledgers: 1 do NOT balance');
});

test('a stalled run names the files that are not terminal, a dead one its stage', () => {
  const files = [aFile('streams/a.csv', { state: 'running' })];
  const stalled = renderRun({ ...report({ kind: 'stalled', keys: ['streams/a.csv'] }, { files }), exported: null });
  expect(stalled).toEqual(expect.arrayContaining(['  streams/a.csv: still running', 'nothing was exported']));
  const stages = [aStage('kpi', { state: 'dead', error: 'out of memory' })];
  expect(renderRun(report({ kind: 'dead', stages, messages: 0 }, {}))).toContain(
    '  given up (Glue run jr_1): out of memory.',
  );
});

test('injected faults are reported with the attempts that they took', () => {
  const base = report({ kind: 'terminal' }, {});
  const lines = renderRun({ ...base, faults: { injected: { killed: 2, throttled: 5 }, attempts: 3 } });
  expect(lines).toContain('injected: 5 throttled, 2 killed');
  expect(lines).toContain('recovered with 3 attempts beyond the first of each stage');
});
