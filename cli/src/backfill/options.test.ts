import { parseBackfill } from './options.ts';

const request = (over: Partial<Parameters<typeof parseBackfill>[0]> = {}) =>
  parseBackfill({ from: '2018-11-01', to: '2018-11-30', datesPerRun: '7', suffix: '', ...over });

test('impossible dates and numbers are errors', () => {
  expect(() => request({ from: '2018-11-31' })).toThrow('--from 2018-11-31: not a date');
  expect(() => request({ to: '2018-10-01' })).toThrow('--from 2018-11-01 is later than --to 2018-10-01');
  for (const concurrency of ['0', '-1', '1.5', 'x', '367', '']) {
    expect(() => request({ concurrency })).toThrow(`--concurrency ${concurrency}: not a number`);
  }
  expect(() => request({ datesPerRun: '0' })).toThrow('--dates-per-run 0: not a number');
  expect(request({ concurrency: '3' }).concurrency).toBe(3);
});
