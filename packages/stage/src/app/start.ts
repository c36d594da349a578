import type { StageDocument, StageRequested } from '@music-etl/contracts';
import { activeKey } from '@music-etl/contracts';
import { decideClaim, deferred, started } from '../domain/claim.ts';
import { aboutRun } from './about-run.ts';
import { flush, readStage, type StageDeps, writeStage } from './stage.ts';

/** Releases a claim whose start failed, so that the message's next delivery can take it over at once. */
const release = async (deps: StageDeps, claimed: StageDocument, cause: unknown): Promise<void> => {
  const read = await readStage(deps, claimed.run_id);
  if (read?.value.state !== 'claimed' || read.value.claimed_by !== claimed.claimed_by) return;
  const error = cause instanceof Error ? cause.message : String(cause);
  await writeStage(deps, { ...read.value, lease_expires_at: deps.world.now().toISOString(), error }, read);
};

/** @returns whether it is recorded. Else the job's own end or a takeover was faster, and decided on newer facts. */
const record = async (deps: StageDeps, claimed: StageDocument, next: StageDocument): Promise<boolean> => {
  const read = await readStage(deps, claimed.run_id);
  if (read?.value.state !== 'claimed' || read.value.claimed_by !== claimed.claimed_by) return false;
  return writeStage(deps, next, read);
};

/** After a at capacity: the message goes back, or is given up when that went on too long. */
const putOff = async (deps: StageDeps, claimed: StageDocument, why: string): Promise<void> => {
  const { world, limits, log, meter } = deps;
  const next = deferred(claimed, why, world.now(), limits, world.random);
  log.info('no capacity, the message goes back', { why, deferrals: claimed.deferrals + 1 });
  if (await record(deps, claimed, next)) {
    const name = next.state === 'dead' ? 'DeadLetters' : 'Deferrals';
    meter([{ name, value: 1 }], { correlation_id: claimed.run_id });
  }
  await flush(deps, claimed.run_id);
};

const begin = async (deps: StageDeps, claimed: StageDocument, adopt: boolean): Promise<void> => {
  const { jobs, world, log } = deps;
  // StartJobRun has no client token: an earlier start may have begun a run without living to record it. One that has
  // ended needs no adopting: if it committed, the next one finds the result and ends at once.
  const earlier = adopt ? await jobs.find(claimed.run_id) : null;
  if (earlier !== null) {
    log.info('adopted a Glue run that an earlier start began', { job_run_id: earlier.id });
    await record(deps, claimed, started(claimed, earlier.id, world.now()));
    return;
  }
  const answer = await jobs.start(claimed.run_id, claimed.attempt);
  if ('full' in answer) return putOff(deps, claimed, answer.full);
  log.info('started the Glue job', { job_run_id: answer.jobRunId, attempt: claimed.attempt });
  await record(deps, claimed, started(claimed, answer.jobRunId, world.now()));
};

const claim = async (deps: StageDeps, message: StageRequested): Promise<void> => {
  const read = await readStage(deps, message.run_id);
  const { world, limits } = deps;
  const decision = decideClaim(read?.value ?? null, message, world.id(), world.now(), limits);
  if (decision.kind === 'leave') {
    deps.log.info('nothing to start', { why: decision.why });
    return;
  }
  if (decision.kind === 'send') return flush(deps, message.run_id);
  await deps.documents.mark(activeKey(message.run_id, deps.definition.stage), { run_id: message.run_id });
  if (!(await writeStage(deps, decision.document, read))) {
    deps.log.info('nothing to start', { why: 'another start was faster' });
    return;
  }
  try {
    await begin(deps, decision.document, decision.adopt);
  } catch (cause) {
    await release(deps, decision.document, cause);
    throw cause;
  }
};

/**
 * The first movement of every stage: claim the run a message names, and start its Glue job. A repeated message finds
 * the claim and does nothing.
 * @throws what Glue or S3 threw; the claim is released, the message comes again.
 */
export const start = (deps: StageDeps, message: StageRequested): Promise<void> =>
  aboutRun(deps, message.run_id, (about) => claim(about, message));
