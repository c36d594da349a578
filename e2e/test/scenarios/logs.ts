import { GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { STAGES } from '@music-etl/contracts';
import { reaches, runOf } from '../../src/documents.ts';
import { emptied, put, SONGS_KEY, terminal, USERS_KEY } from '../../src/putting.ts';
import { SONGS, stream, USERS } from '../../src/rows.ts';
import { scenario } from '../../src/scenario.ts';
import { functionName } from '../../src/settings.ts';
import { until } from '../../src/until.ts';
import { functionLogGroups, jsonOf } from '../../src/watching.ts';
import type { World } from '../../src/world.ts';

interface Line {
  readonly group: string;
  readonly message: string;
}

/** The query of docs/operate.md, "Everything about a run". */
const everythingAbout = (runId: string): string =>
  `fields @timestamp, @log, @message | filter @message like /${runId}/ | sort @timestamp asc | limit 10000`;

const ask = async (world: World, runId: string): Promise<Line[]> => {
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

export const describeLogs = (the: () => World): void =>
  scenario('what is said of a run', (step) => {
    let runId: string;
    let lines: Line[] = [];

    beforeAll(async () => {
      const world = the();
      await emptied(world);
      await put(world, USERS_KEY, USERS);
      await put(world, SONGS_KEY, SONGS);
      await terminal(world);
      const file = await put(world, 'streams/told.csv', stream('e1,u1,T1,2018-11-15 10:00:00'));
      runId = await runOf(world, file);
      await reaches(world, file, 'archived');
      await terminal(world);
    });

    step('one query finds it in every function that touched it and in every job', async () => {
      const world = the();
      const wanted = STAGES.flatMap((stage) => [functionName(stage, 'start'), functionName(stage, 'complete')]);
      await until(world, 'every function has its lines in the log', async () => {
        lines = await ask(world, runId);
        return wanted.every((name) => lines.some(({ group }) => group.endsWith(`/${name}`)));
      });
      const jobs = lines
        .filter(({ group }) => group.endsWith('/aws-glue/jobs/output'))
        .map(({ message }) => jsonOf(message));
      expect([...new Set(jobs.map((line) => line?.job))].sort()).toEqual([...STAGES].sort());
    });

    step('every line that speaks of it is JSON and carries its id as correlation_id', async () => {
      const said = lines.flatMap(({ message }) => message.split('\n')).filter((line) => line.includes(runId));
      expect(said.length).toBeGreaterThan(20);
      for (const line of said) expect(jsonOf(line)).toMatchObject({ correlation_id: runId });
    });
  });
