import type { OutboxEntry } from '@music-etl/contracts';
import { memoryDocuments } from '../../src/adapters/memory-documents.ts';
import type { StageDefinition, StageDeps } from '../../src/app/stage.ts';
import type { Measurement } from '../../src/domain/measurement.ts';
import { hasEnded, type JobRun, type JobStart, type Jobs } from '../../src/domain/ports.ts';
import { NOW, RUN, someLimits } from './records.ts';

/** Glue as far as a stage sees it: runs that the test ends. */
export class FakeJobs implements Jobs {
  readonly runs: JobRun[] = [];
  /** What the next start answers instead of beginning a run. */
  answer: JobStart | Error | null = null;

  async start(runId: string, attempt: number): Promise<JobStart> {
    if (this.answer instanceof Error) throw this.answer;
    if (this.answer !== null) return this.answer;
    const id = `jr_${this.runs.length + 1}`;
    this.runs.push({ id, runId, attempt, state: 'RUNNING', error: null });
    return { jobRunId: id };
  }

  async get(jobRunId: string): Promise<JobRun | null> {
    return this.runs.find(({ id }) => id === jobRunId) ?? null;
  }

  async find(runId: string): Promise<JobRun | null> {
    return this.runs.find((run) => run.runId === runId && !hasEnded(run)) ?? null;
  }

  end(id: string, state: string, error: string | null = null): void {
    for (const [i, run] of this.runs.entries()) if (run.id === id) this.runs[i] = { ...run, state, error };
  }
}

export const validateStage: StageDefinition = {
  stage: 'validate',
  next: () => [{ kind: 'run_completed', run_id: RUN }],
  measure: () => [{ name: 'FilesHeld', value: 1 }],
};

/** A stage in memory, with what it sent and what it said. */
export const aWorld = (changes: Partial<StageDeps> = {}) => {
  const documents = memoryDocuments();
  const jobs = new FakeJobs();
  const sent: OutboxEntry[] = [];
  const said: string[] = [];
  const clock = { now: NOW };
  let ids = 0;
  const nextId = (): string => {
    ids += 1;
    return `start-${ids}`;
  };
  const lines: { readonly message: string; readonly extra: object }[] = [];
  const note = (message: string, ...extra: object[]): void => {
    said.push(message);
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
    log: { info: note, warn: note, error: note },
    meter: (measurements, of = {}) => void measured.push(...measurements.map((one) => ({ ...one, of }))),
    ...changes,
  };
  return { deps, documents, jobs, sent, said, lines, measured, clock };
};
