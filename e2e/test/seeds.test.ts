import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addRecord, readRecords, removeCutOffLine, type SeedRecord } from '../src/seeds/record.ts';
import { renderSummary } from '../src/seeds/render.ts';

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

  it('are continued after a call that was cut off within a line', () => {
    const results = join(dir, 'results.jsonl');
    expect(readRecords(results)).toEqual([]);
    addRecord(results, record(1, 'equal'));
    appendFileSync(results, '{"seed": 2, "lev');
    removeCutOffLine(results);
    addRecord(results, record(3, 'incomplete'));
    expect(readRecords(results)).toEqual([record(1, 'equal'), record(3, 'incomplete')]);
  });

  it('are summed up by outcome and by injected fault', () => {
    const [first, , injected] = renderSummary([record(1, 'equal'), record(2, 'different'), record(3, 'equal')]);
    expect(first).toBe('3 seeds: 2 equal, 1 different, 0 incomplete');
    expect(injected).toBe('injected: event lost 6');
  });
});
