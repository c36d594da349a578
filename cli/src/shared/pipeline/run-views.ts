import {
  type FileDocument,
  latestVersion,
  RESULTS,
  RunDocument,
  resultKey,
  runKey,
  STAGES,
  StageDocument,
  stageKey,
} from '@music-etl/contracts';
import type { z } from 'zod';
import { type DocumentSource, listKeys, readDocument } from '../documents.ts';
import type { RunView } from './snapshot.ts';

const readRun = async (source: DocumentSource, runId: string): Promise<RunView> => {
  const keys = new Set(await listKeys(source, runKey(runId).replace(/run\.json$/, '')));
  const read = async <T>(key: string, schema: z.ZodType<T>): Promise<T | null> =>
    keys.has(key) ? readDocument(source, key, schema) : null;
  const stages: RunView['stages'] = {};
  for (const stage of STAGES) {
    const found = await read(stageKey(runId, stage), StageDocument);
    if (found) stages[stage] = found;
  }
  return {
    run_id: runId,
    document: await read(runKey(runId), RunDocument),
    stages,
    kpi: await read(resultKey(runId, 'kpi'), RESULTS.kpi),
    load: await read(resultKey(runId, 'load'), RESULTS.load),
  };
};

/** Returns the run of a file that is in one. */
const runOf = (file: FileDocument): string[] => {
  const version = latestVersion(file);
  return version?.run_id && (version.state === 'running' || version.state === 'validated') ? [version.run_id] : [];
};

/** The runs that were active at some time since the first snapshot. */
export class RunViews {
  readonly #runs = new Map<string, RunView>();
  #open: ReadonlySet<string> = new Set();

  constructor(private readonly source: DocumentSource) {}

  /** Reads active runs and those of files in a run; and once more those of the last time, to see how they ended. */
  async look(active: readonly string[], files: readonly FileDocument[]): Promise<ReadonlyMap<string, RunView>> {
    const open = new Set([...active, ...files.flatMap(runOf)]);
    const wanted = new Set([...open, ...this.#open]);
    this.#open = open;
    await Promise.all([...wanted].map(async (runId) => this.#runs.set(runId, await readRun(this.source, runId))));
    return new Map(this.#runs);
  }
}
