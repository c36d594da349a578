import { extraPyFiles, mergeArguments, scriptArguments } from '../../src/glue/arguments.ts';

describe('the arguments of a script', () => {
  it('are the name, the id and the job’s defaults under the run’s own, without those for Glue', () => {
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
