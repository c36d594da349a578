/** `node --import tsx daemon.ts <state directory>`: runs a local stack until a signal ends it. */
import { appendFileSync, rmSync } from 'node:fs';
import { daemonFile, daemonLog, writeDaemonRecord } from './daemon-record.ts';
import { errorText } from './error-text.ts';
import { processIdentity } from './process-identity.ts';
import { startStack } from './stack.ts';

const [stateDir] = process.argv.slice(2);
if (stateDir === undefined) throw new Error('usage: daemon.ts <state directory>');

const log = (line: string): void => appendFileSync(daemonLog(stateDir), `${new Date().toISOString()} ${line}\n`);

const serve = async (): Promise<void> => {
  const localStack = await startStack({ stateDir, keep: true, log });
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    rmSync(daemonFile(stateDir), { force: true });
    await localStack.stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => void end());
  writeDaemonRecord(stateDir, {
    pid: process.pid,
    identity: processIdentity(process.pid) ?? '',
    endpoint: localStack.endpoint,
    env: localStack.env,
    startedAt: new Date().toISOString(),
  });
};

serve().catch((error: unknown) => {
  log(`the local stack did not start: ${errorText(error)}`);
  process.exitCode = 1;
});
