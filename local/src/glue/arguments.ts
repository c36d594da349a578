/** Arguments for Glue itself, which the script does not get. */
const RESERVED = new Set(['--extra-py-files', '--extra-files', '--additional-python-modules', '--scriptLocation']);

/** Returns the job's default arguments, overridden by the run's. */
export const mergeArguments = (
  defaults: Record<string, string> = {},
  ofRun: Record<string, string> = {},
): Record<string, string> => ({ ...defaults, ...ofRun });

type Named = { JobName: string; Id: string };

/** Returns the script's argv after its name, as Glue passes it. */
export const scriptArguments = (run: Named, merged: Record<string, string>): string[] => {
  const all = { '--JOB_NAME': run.JobName, '--JOB_RUN_ID': run.Id, ...merged };
  return Object.entries(all)
    .filter(([name]) => !RESERVED.has(name))
    .flat();
};

/** Returns the S3 addresses of `--extra-py-files`, which commas separate. */
export const extraPyFiles = (merged: Record<string, string>): string[] =>
  (merged['--extra-py-files'] ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
