import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addRecord, patchRecords, readRecords, renderSummary, type SeedRecord } from '../src/seeds/record.ts';

const record = (seed: number, outcome: SeedRecord['outcome']): SeedRecord => ({
  ...{ seed, level: 'heavy', outcome, why: [] },
  ...{ injected: { 'event lost': seed }, attempts: 1, seconds: 10 * seed, memory: 200 },
});

describe('the results of many seeds', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'seeds-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('are gone on with after a call that was cut off in the middle of a line', () => {
    const results = join(dir, 'results.jsonl');
    expect(readRecords(results)).toEqual([]);
    addRecord(results, record(1, 'equal'));
    appendFileSync(results, '{"seed": 2, "lev');
    patchRecords(results);
    addRecord(results, record(3, 'hand'));
    expect(readRecords(results)).toEqual([record(1, 'equal'), record(3, 'hand')]);
  });

  it('say how many ended how, and what was injected in all', () => {
    const [first, , injected] = renderSummary([record(1, 'equal'), record(2, 'differs'), record(3, 'equal')]);
    expect(first).toBe('3 seeds: 2 equal, 1 differ, 0 needed a hand');
    expect(injected).toBe('injected: event lost 6');
  });
});
