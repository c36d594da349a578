import type { StageDocument } from '@music-etl/contracts';
import { NOW } from '@music-etl/testing';
import { secondsAfter } from '../../src/domain/limits.ts';
import type { ModelWorld, QueuedMessage } from './world.ts';

const secondsSince = (world: ModelWorld, instant: string): number =>
  world.seconds - (Date.parse(instant) - NOW.getTime()) / 1000;

const ofStage = (world: ModelWorld, stage: StageDocument): unknown[] => {
  const { state, failures, sent, outbox, lease_expires_at, deferred_since } = stage;
  const silent = (stage.ended_at ?? stage.started_at ?? stage.claimed_at) < secondsAfter(NOW, world.seconds);
  const lapsed = lease_expires_at <= secondsAfter(NOW, world.seconds);
  const deferredFor = deferred_since === null ? null : secondsSince(world, deferred_since);
  return [state, failures, sent, outbox.map(({ kind }) => kind), lapsed, silent, deferredFor];
};

/** Glue runs that can still matter: not ended, awaited, or with an event to come. Of attempts the order matters. */
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

/** Which attempt of a message matters only by whether it is the run's present one. */
const ofQueue = (queue: readonly QueuedMessage[], stage: StageDocument | null): string[] =>
  queue
    .map((message) => (message === null ? 'request' : message === stage?.attempt ? 'redriven' : 'older'))
    .sort()
    .slice(0, 2);

/** Returns the same text for states that differ only in names and in times that decide nothing. */
export const signature = (world: ModelWorld): string => {
  const { stage, committed, active } = world.view();
  const jobs = ofJobs(world, stage);
  const queues = [ofQueue(world.messages, stage), [...new Set(ofQueue(world.deadLetters, stage))]];
  const sent = [world.attemptsGivenUp.includes(stage?.attempt ?? 0), world.nextSent > 0];
  const result = [committed, world.hasGarbage];
  return JSON.stringify([
    stage && ofStage(world, stage),
    stage?.job_run_id != null,
    jobs,
    result,
    active,
    queues,
    sent,
  ]);
};
