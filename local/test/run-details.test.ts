import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extraPyFiles, mergeArguments, scriptArguments } from '../src/glue/arguments.ts';
import { limitInTemplate } from '../src/glue/concurrency.ts';
import { batchLines, tailLines } from '../src/glue/log-lines.ts';

describe('arguments of a script', () => {
  it('are the job’s defaults under the run’s own, after name and id, without what Glue keeps to itself', () => {
    const merged = mergeArguments(
      { '--bucket': 'b', '--mode': 'default', '--extra-py-files': 's3://b/x.zip' },
      { '--mode': 'run' },
    );
    expect(scriptArguments({ JobName: 'a_job', Id: 'jr_1' }, merged)).toEqual([
      ...['--JOB_NAME', 'a_job', '--JOB_RUN_ID', 'jr_1'],
      ...['--bucket', 'b', '--mode', 'run'],
    ]);
  });

  it('name extra Python files separated by commas', () => {
    expect(extraPyFiles({ '--extra-py-files': 's3://b/a.zip, s3://b/c.py,' })).toEqual(['s3://b/a.zip', 's3://b/c.py']);
    expect(extraPyFiles({})).toEqual([]);
  });
});

describe('the concurrency limit in a template', () => {
  const template = (MaxConcurrentRuns: unknown) =>
    JSON.stringify({
      Parameters: { Most: { Type: 'Number', Default: 3 } },
      Resources: { Job: { Type: 'AWS::Glue::Job', Properties: { ExecutionProperty: { MaxConcurrentRuns } } } },
    });

  it.each([
    ['a number', template(2), {}, 2],
    ['a number as text', template('4'), {}, 4],
    ['a parameter', template({ Ref: 'Most' }), { Most: '5' }, 5],
    ['a parameter’s default', template({ Ref: 'Most' }), {}, 3],
    ['something else', template({ 'Fn::ImportValue': 'most' }), {}, null],
    ['nothing', JSON.stringify({ Resources: { Job: {} } }), {}, null],
  ])('is read from %s', (_, body, parameters, limit) => {
    expect(limitInTemplate(body, 'Job', parameters)).toBe(limit);
  });
});

describe('log lines', () => {
  it('come once each and whole, the unfinished one at the end', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'log-lines-'));
    const path = join(directory, 'out');
    const tail = tailLines(path);
    expect(await tail.read(false)).toEqual([]);
    writeFileSync(path, 'one\ntw');
    expect(await tail.read(false)).toEqual(['one']);
    writeFileSync(path, 'o\n\nthrée', { flag: 'a' });
    expect(await tail.read(false)).toEqual(['two']);
    expect(await tail.read(true)).toEqual(['thrée']);
    rmSync(directory, { recursive: true });
  });

  it('are sent in batches that CloudWatch Logs takes', () => {
    expect(batchLines([])).toEqual([]);
    expect(batchLines(Array(2_500).fill('x')).map((batch) => batch.length)).toEqual([1_000, 1_000, 500]);
    expect(batchLines(Array(20).fill('y'.repeat(70_000))).map((batch) => batch.length)).toEqual([14, 6]);
  });
});
