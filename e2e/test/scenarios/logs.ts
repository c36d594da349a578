import { GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { STAGES } from '@music-etl/contracts';
import { functionLogGroups, jsonOf } from '../../src/measurements.ts';
import { reaches, runOf } from '../../src/progress.ts';
import { put } from '../../src/put.ts';
import { resetWithReference } from '../../src/reset.ts';
import { stream } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { functionName } from '../../src/settings.ts';
import { untilTerminal } from '../../src/terminal.ts';
import { until } from '../../src/until.ts';
import type { World } from '../../src/world.ts';

interface LogLine {
  readonly group: string;
  readonly message: string;
}

/** The query of docs/operate.md, "Everything about a run". */
const everythingAbout = (runId: string): string =>
  `fields @timestamp, @log, @message | filter @message like /${runId}/ | sort @timestamp asc | limit 10000`;

const queryLogs = async (world: World, runId: string): Promise<LogLine[]> => {
  const logGroupNames = [...functionLogGroups(), '/aws-glue/jobs/output'].filter(
    (group) => !group.includes('reconcile'),
  );
  const [startTime, endTime] = [Math.floor(Date.now() / 1000) - 600, Math.ceil(Date.now() / 1000) + 60];
  const queryString = everythingAbout(runId);
  const { queryId } = await world.logs.send(new StartQueryCommand({ logGroupNames, startTime, endTime, queryString }));
  const { results = [] } = await world.logs.send(new GetQueryResultsCommand({ queryId }));
  return results.map((row) => {
    const field = (name: string): string => row.find((one) => one.field === name)?.value ?? '';
    return { group: field('@log'), message: field('@message') };
  });
};

export const describeLogs = (getWorld: () => World): void =>
  scenario('the logs of a run', (step) => {
    let runId: string;
    let lines: LogLine[] = [];

    beforeAll(async () => {
      const world = getWorld();
      await resetWithReference(world);
      const file = await put(world, 'streams/logged.csv', stream('e1,u1,T1,2018-11-15 10:00:00'));
      runId = await runOf(world, file);
      await reaches(world, file, 'archived');
      await untilTerminal(world);
    });

    step('are found by one query in every function and every job', async () => {
      const world = getWorld();
      const wanted = STAGES.flatMap((stage) => [functionName(stage, 'start'), functionName(stage, 'complete')]);
      await until(world, 'every function has its lines in the log', async () => {
        lines = await queryLogs(world, runId);
        return wanted.every((name) => lines.some(({ group }) => group.endsWith(`/${name}`)));
      });
      const jobs = lines
        .filter(({ group }) => group.endsWith('/aws-glue/jobs/output'))
        .map(({ message }) => jsonOf(message));
      expect([...new Set(jobs.map((line) => line?.job))].sort()).toEqual([...STAGES].sort());
    });

    step('are JSON in every line that names it, with its id as correlation_id', async () => {
      const named = lines.flatMap(({ message }) => message.split('\n')).filter((line) => line.includes(runId));
      expect(named.length).toBeGreaterThan(20);
      for (const line of named) expect(jsonOf(line)).toMatchObject({ correlation_id: runId });
    });
  });
