/** Arguments that Glue itself takes and the script never sees. */
const GLUES_OWN = new Set(['--extra-py-files', '--extra-files', '--additional-python-modules', '--scriptLocation']);

/** Job defaults with the run's arguments over them. */
export const mergeArguments = (
  defaults: Record<string, string> = {},
  ofRun: Record<string, string> = {},
): Record<string, string> => ({ ...defaults, ...ofRun });

type Named = { JobName: string; Id: string };

/** The script's argv after its name, as Glue passes it. */
export const scriptArguments = (run: Named, merged: Record<string, string>): string[] => {
  const all = { '--JOB_NAME': run.JobName, '--JOB_RUN_ID': run.Id, ...merged };
  return Object.entries(all)
    .filter(([name]) => !GLUES_OWN.has(name))
    .flat();
};

/** `--extra-py-files`: S3 addresses separated by commas. */
export const extraPyFiles = (merged: Record<string, string>): string[] =>
  (merged['--extra-py-files'] ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
