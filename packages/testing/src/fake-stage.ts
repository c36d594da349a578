import type { OutboxEntry } from '@music-etl/contracts';
import type { Limits, Measurement, StageDefinition, StageDeps } from '@music-etl/stage';
import { memoryDocuments } from '@music-etl/stage/memory-documents';
import { FakeJobs } from './fake-jobs.ts';
import { NOW, RUN } from './moments.ts';

/** Builds the limits of a stage. */
export const someLimits = (changes: Partial<Limits> = {}): Limits => ({
  leaseSeconds: 60,
  maxFailures: 3,
  backoffBaseSeconds: 10,
  backoffMaxSeconds: 900,
  maxDeferralSeconds: 3600,
  silenceSeconds: 120,
  ...changes,
});

/** A definition of `validate` that accepts any result. */
export const validateStage: StageDefinition = {
  stage: 'validate',
  next: () => [{ kind: 'run_completed', run_id: RUN }],
  measure: () => [{ name: 'FilesHeld', value: 1 }],
  readsRun: false,
};

/** Builds the dependencies of a stage in memory, with what it sends, logs and measures. */
export const aFakeStage = (changes: Partial<StageDeps> = {}) => {
  const documents = memoryDocuments();
  const jobs = new FakeJobs();
  const sent: OutboxEntry[] = [];
  const clock = { now: NOW };
  let ids = 0;
  const nextId = (): string => {
    ids += 1;
    return `start-${ids}`;
  };
  const lines: { readonly message: string; readonly extra: object }[] = [];
  const write = (message: string, ...extra: object[]): void => {
    lines.push({ message, extra: Object.assign({}, ...extra) });
  };
  const measured: (Measurement & { readonly of: Readonly<Record<string, string>> })[] = [];
  const deps: StageDeps = {
    definition: validateStage,
    documents,
    jobs,
    send: async (entry) => void sent.push(entry),
    world: { now: () => clock.now, id: nextId, random: () => 0.5 },
    limits: someLimits(),
    log: { info: write, warn: write, error: write },
    meter: (measurements, of = {}) => void measured.push(...measurements.map((one) => ({ ...one, of }))),
    ...changes,
  };
  return { deps, documents, jobs, sent, lines, measured, clock };
};
