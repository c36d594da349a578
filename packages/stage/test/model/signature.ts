import type { StageDocument } from '@music-etl/contracts';
import { secondsAfter } from '../../src/domain/limits.ts';
import { NOW } from '../support/records.ts';
import type { ModelWorld } from './world.ts';

const secondsSince = (world: ModelWorld, instant: string): number =>
  world.seconds - (Date.parse(instant) - NOW.getTime()) / 1000;

const ofStage = (world: ModelWorld, stage: StageDocument): unknown[] => {
  const { state, failures, sent, outbox, lease_expires_at, deferred_since } = stage;
  const silent = (stage.ended_at ?? stage.started_at ?? stage.claimed_at) < secondsAfter(NOW, world.seconds);
  const lapsed = lease_expires_at <= secondsAfter(NOW, world.seconds);
  const deferredFor = deferred_since === null ? null : secondsSince(world, deferred_since);
  return [state, failures, sent, outbox.map(({ kind }) => kind), lapsed, silent, deferredFor];
};

/** Glue runs that can still matter: under way, waited for, or not told of. Of attempts only their order matters. */
const ofJobs = (world: ModelWorld, stage: StageDocument | null): string[] => {
  const attempts = [...new Set([stage?.attempt ?? 0, ...world.live.map(({ attempt }) => attempt)])].sort(
    (a, b) => b - a,
  );
  const live = world.live.map(({ id }) => id);
  return world.jobs
    .filter(({ id }) => live.includes(id) || world.events.includes(id) || id === stage?.job_run_id)
    .map(({ id, attempt, state }) =>
      [attempts.indexOf(attempt), state, id === stage?.job_run_id, world.events.includes(id)].join(),
    )
    .sort();
};

/** States that differ only in names, and in times that decide nothing, are one. */
export const signature = (world: ModelWorld): string => {
  const { stage, committed, inHand } = world.look();
  const jobs = ofJobs(world, stage);
  const counts = [world.messages, world.letters, world.lettersEver, world.nextSent].map((n, i) =>
    Math.min(n, i === 0 ? 2 : 1),
  );
  const result = [committed, world.hasGarbage];
  return JSON.stringify([stage && ofStage(world, stage), stage?.job_run_id != null, jobs, result, inHand, counts]);
};
