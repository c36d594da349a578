import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetJobRunsCommand, StartJobRunCommand } from '@aws-sdk/client-glue';
import { processesNaming } from '@music-etl/testing/processes';
import { until } from '@music-etl/testing/until';
import { connect } from '../src/clients.ts';
import { stackStatus, startDaemon, stopStack } from '../src/index.ts';
import { localFile } from '../src/paths.ts';
import { deploy, JOB } from './support/deployment.ts';

describe('a local stack as a daemon', () => {
  it('is found, keeps its state over a stop, leaves nothing after SIGKILL, and starts again', async () => {
    const own = mkdtempSync(join(tmpdir(), 'stack-e2e-own-'));
    try {
      const first = await startDaemon(own);
      await deploy(first.endpoint);
      expect(await stopStack(own)).toBe(true);
      expect(processesNaming(own)).toEqual([]);

      const second = await startDaemon(own);
      expect(second.endpoint).toBe(first.endpoint);
      const again = connect(second.endpoint);
      await again.glue.send(new StartJobRunCommand({ JobName: JOB, Arguments: { '--do': 'sleep' } }));
      await until(async () => {
        const { JobRuns = [] } = await again.glue.send(new GetJobRunsCommand({ JobName: JOB }));
        return JobRuns.find(({ JobRunState }) => JobRunState === 'RUNNING');
      });
      again.close();
      expect(processesNaming(own).length).toBeGreaterThan(3);
      process.kill(second.pid, 'SIGKILL');
      await until(async () => processesNaming(own).length === 0);
      expect(await stackStatus(own)).toBeNull();

      const third = await startDaemon(own);
      const after = connect(third.endpoint);
      const closed = await after.glue.send(new GetJobRunsCommand({ JobName: JOB }));
      expect(closed.JobRuns).toMatchObject([{ JobRunState: 'FAILED' }]);
      after.close();
    } finally {
      await stopStack(own);
      rmSync(own, { recursive: true, force: true });
    }
  }, 60_000);

  it('ends if the tool that starts it is killed', async () => {
    const own = mkdtempSync(join(tmpdir(), 'stack-e2e-own-'));
    const script = `import { startStack } from ${JSON.stringify(localFile('src', 'index.ts'))};
      await startStack({ stateDir: ${JSON.stringify(own)} });`;
    const tool = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: 'ignore' });
    await until(async () => processesNaming(own).some((pid) => pid !== tool.pid));
    tool.kill('SIGKILL');
    await until(async () => processesNaming(own).length === 0);
    rmSync(own, { recursive: true, force: true });
  }, 60_000);
});
