import type { StageDocument } from '@music-etl/contracts';
import { activeKey } from '@music-etl/contracts';
import { decideClaim, deferred, type Request, started } from '../domain/claim.ts';
import { flush, readStage, type StageDeps, writeStage } from './stage.ts';
import { withRun } from './with-run.ts';

/** Releases a claim whose start failed, so that the next delivery of the message takes it over at once. */
const release = async (deps: StageDeps, claimed: StageDocument, cause: unknown): Promise<void> => {
  const read = await readStage(deps, claimed.run_id);
  if (read?.value.state !== 'claimed' || read.value.claimed_by !== claimed.claimed_by) return;
  const error = cause instanceof Error ? cause.message : String(cause);
  await writeStage(deps, { ...read.value, lease_expires_at: deps.world.now().toISOString(), error }, read);
};

/** Records what became of a claim. Returns false if the job's end or a takeover has changed the document meanwhile. */
const record = async (deps: StageDeps, claimed: StageDocument, next: StageDocument): Promise<boolean> => {
  const read = await readStage(deps, claimed.run_id);
  if (read?.value.state !== 'claimed' || read.value.claimed_by !== claimed.claimed_by) return false;
  return writeStage(deps, next, read);
};

/** Defers the message because Glue is at capacity, or sends it to the dead-letter queue after too long. */
const defer = async (deps: StageDeps, claimed: StageDocument, why: string): Promise<void> => {
  const { world, limits, log, meter } = deps;
  const next = deferred(claimed, why, world.now(), limits, world.random);
  log.info('Glue is at capacity, the message is deferred', { why, deferrals: claimed.deferrals + 1 });
  if (await record(deps, claimed, next)) {
    const name = next.state === 'dead' ? 'DeadLetters' : 'Deferrals';
    meter([{ name, value: 1 }], { correlation_id: claimed.run_id });
  }
  await flush(deps, claimed.run_id);
};

const startJob = async (deps: StageDeps, claimed: StageDocument, adopt: boolean): Promise<void> => {
  const { jobs, world, log } = deps;
  // StartJobRun has no client token: an earlier start may have begun a Glue run and died before it recorded it. One
  // that has ended is not adopted: if it committed, the next Glue run finds the result and ends at once.
  const earlier = adopt ? await jobs.find(claimed.run_id) : null;
  if (earlier !== null) {
    log.info('adopted the Glue run of an earlier start', { job_run_id: earlier.id });
    await record(deps, claimed, started(claimed, earlier.id, world.now()));
    return;
  }
  const answer = await jobs.start(claimed.run_id, claimed.attempt);
  if ('atCapacity' in answer) return defer(deps, claimed, answer.atCapacity);
  log.info('started the Glue job', { job_run_id: answer.jobRunId, attempt: claimed.attempt });
  await record(deps, claimed, started(claimed, answer.jobRunId, world.now()));
};

const claimAndStart = async (deps: StageDeps, request: Request): Promise<void> => {
  const { run_id } = request.message;
  const read = await readStage(deps, run_id);
  const { world, limits } = deps;
  const decision = decideClaim(read?.value ?? null, request, world.id(), world.now(), limits);
  if (decision.kind === 'leave') {
    deps.log.info('nothing to start', { why: decision.why });
    return;
  }
  if (decision.kind === 'send') return flush(deps, run_id);
  await deps.documents.mark(activeKey(run_id, deps.definition.stage), { run_id });
  if (!(await writeStage(deps, decision.document, read))) {
    deps.log.info('nothing to start', { why: 'another start was faster' });
    return;
  }
  try {
    await startJob(deps, decision.document, decision.adopt);
  } catch (cause) {
    await release(deps, decision.document, cause);
    throw cause;
  }
};

/**
 * Starts a stage, its first movement: claims the run that the message names and starts its Glue job. A repeated message
 * finds the claim and does nothing.
 * @throws the error of Glue or S3; the claim is released, and SQS delivers the message again.
 */
export const start = (deps: StageDeps, request: Request): Promise<void> =>
  withRun(deps, request.message.run_id, (ofRun) => claimAndStart(ofRun, request));
