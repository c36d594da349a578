import {
  type ErasureResult,
  erasureRequestKey,
  erasureResultKey,
  fileId,
  fileKey,
  type RunDocument,
  replayKey,
  resultKey,
} from '@music-etl/contracts';
import { memoryDocuments } from '@music-etl/stage/memory-documents';
import type { Snapshot } from '../shared/pipeline/snapshot.ts';
import { aFile, aRun, aSnapshot, aStage, RUN, withRun } from '../testing/builders.ts';
import { aClock, operationDeps } from '../testing/operations.ts';
import { erasureCause, forgetCommand, type Phase, parseUser } from './erasure.ts';
import { type ForgetOptions, forgetUser } from './forget-user.ts';
import type { ErasureRun, ForgetDeps } from './ports.ts';
import { erasedLines } from './render.ts';

const KEY = 'streams/a.csv';
const DIGEST = 'd'.repeat(64);

/** A bucket of one file with rows of the user; its job and pipeline work at once. */
class FakeBucket {
  readonly documents = memoryDocuments();
  readonly phases: Phase[] = [];
  readonly deleted: string[] = [];
  readonly sent: unknown[] = [];
  rows = 3;
  derived = 5;
  /** How many rows arrive anew while the user is being erased. */
  arriving: number[] = [];
  failing: Phase | null = null;
  busy: Snapshot[] = [];
  #runs: ErasureRun[] = [];
  underWay: ErasureRun | null = null;

  async #tell(id: string, phase: Phase, objects: Record<string, number>, replay: string | null): Promise<void> {
    const file = { file_id: fileId(KEY), key: KEY, version: 1, rows: this.rows, replay };
    const result: ErasureResult = {
      schema_version: 1,
      erasure_id: id,
      user_digest: DIGEST,
      phase,
      committed_at: '2026-11-24T08:00:00.000Z',
      files: this.rows > 0 ? [file] : [],
      dates: ['2018-11-15'],
      objects,
    };
    await this.documents.mark(erasureResultKey(id, phase), result);
  }

  async #work(id: string, phase: Phase): Promise<void> {
    if (phase === 'find') return this.#tell(id, phase, { 'archived/': this.rows, 'kpis/': this.derived }, null);
    if (phase === 'purge') {
      await this.#tell(id, phase, { 'kpis/': this.derived }, null);
      this.derived = 0;
      this.rows = this.arriving.shift() ?? 0;
      return;
    }
    await this.#tell(id, phase, { 'archived/': this.rows }, replayKey(fileId(KEY), 1, erasureCause(id)));
    const replay = {
      of: 1,
      cause: erasureCause(id),
      why: "a user's listens were erased",
      requested_by: 'ada',
      requested_at: '2026-11-24T08:00:00.000Z',
      accept: true,
      patches_key: null,
    };
    await this.documents.mark(fileKey(fileId(KEY)), aFile(KEY, {}, { version: 2, content_version: 1, replay }));
    const dates = [{ date: '2018-11-15', generation: 9, written: 3, removed: 2, superseded: 0 }];
    const head = { schema_version: 1, run_id: RUN, attempt: 1, committed_at: '2026-11-24T08:00:00.000Z' };
    await this.documents.mark(resultKey(RUN, 'load'), { ...head, dates });
  }

  deps(over: Partial<Omit<ForgetDeps, 'screen' | 'send'>> = {}): ForgetDeps & ReturnType<typeof operationDeps> {
    const base = operationDeps(this.documents, { clock: aClock() });
    return {
      ...base,
      job: {
        start: async (id, phase) => {
          this.phases.push(phase);
          const failed = this.failing === phase;
          if (!failed) await this.#work(id, phase);
          this.#runs.push({
            id: `jr_${this.phases.length}`,
            phase,
            state: failed ? 'FAILED' : 'SUCCEEDED',
            error: failed ? 'streams/b.csv has arrived' : null,
          });
          return `jr_${this.phases.length}`;
        },
        get: async (jobRunId) =>
          jobRunId === this.underWay?.id ? this.underWay : (this.#runs.find(({ id }) => id === jobRunId) ?? null),
        find: async () => this.underWay,
        wasStarted: async (_, phase) =>
          [...this.#runs, ...(this.underWay ? [this.underWay] : [])].some((run) => run.phase === phase),
      },
      look: async () => this.busy.shift() ?? aSnapshot(),
      deleteForGood: async (key) => {
        this.deleted.push(key);
        await this.documents.remove(key);
      },
      confirm: async () => true,
      ...over,
    };
  }
}

const asked = (over: Partial<ForgetOptions> = {}): ForgetOptions => ({
  userId: '26',
  dryRun: false,
  yes: true,
  suffix: '',
  ...over,
});
const ID = '20261124T080000000-00000000';
const OTHER = '20261124T080000000-ffffffff';

test('finds, rewrites, has ingest reprocess, purges, finds nothing, and deletes the request for good', async () => {
  const bucket = new FakeBucket();
  const deps = bucket.deps();
  const { summary } = await forgetUser(deps, asked());
  expect(bucket.phases).toEqual(['find', 'rewrite', 'purge', 'find']);
  expect(deps.sent).toEqual([
    { queue: 'music-streaming-ingest', message: { Service: 'Amazon S3', Event: 's3:TestEvent' } },
  ]);
  expect(bucket.deleted).toEqual([erasureRequestKey(ID)]);
  expect(summary).toMatchObject({
    erasure_id: ID,
    user_digest: DIGEST,
    files: [{ key: KEY, rows: 3, reprocessed: true }],
    dates: ['2018-11-15'],
    items_removed: 2,
    objects: { 'archived/': 3, 'kpis/': 5 },
  });
  expect(JSON.stringify(bucket.documents.snapshot())).not.toContain('"user_id"');
});

test('says what it did and what is left to the owner', async () => {
  const { summary } = await forgetUser(new FakeBucket().deps(), asked());
  expect(summary && erasedLines(summary).slice(1).join('\n')).toMatchInlineSnapshot(`
"  files    1 file rewritten without 3 rows, 1 reprocessed
  dates    1 date computed again: 2018-11-15
  items    2 removed from the table
  objects  versions deleted for good: archived/ 3, kpis/ 5
left to you
  - reference/users/ and reference/snapshots/: users files and the snapshots made of them name the user and the country; put a users file without, and delete the older versions of both
  - point-in-time backups of the table music_streaming_kpis: they go back 35 days at most, and then forget by themselves
  - copies elsewhere: exports, replicas and backups of the bucket, and the system that sent the files"
`);
});

test('nothing of the user: nothing is rewritten, and no trace of the question stays', async () => {
  const bucket = new FakeBucket();
  bucket.rows = 0;
  bucket.derived = 0;
  expect(await forgetUser(bucket.deps(), asked())).toMatchObject({ summary: null, declined: false });
  expect(bucket.phases).toEqual(['find']);
  expect(bucket.documents.snapshot()).toEqual({});
});

test('rows that are gone from files but not from what was made of them are purged', async () => {
  const bucket = new FakeBucket();
  bucket.rows = 0;
  await forgetUser(bucket.deps(), asked());
  expect(bucket.phases).toEqual(['find', 'rewrite', 'purge', 'find']);
});

test('a dry run, and a person who says no, leave everything as it was', async () => {
  for (const [over, confirm] of [
    [{ dryRun: true }, true],
    [{ yes: false }, false],
  ] as const) {
    const bucket = new FakeBucket();
    const { summary, found } = await forgetUser(bucket.deps({ confirm: async () => confirm }), asked(over));
    expect([summary, found?.files.length, bucket.phases]).toEqual([null, 1, ['find']]);
    expect(bucket.documents.snapshot()).toEqual({});
  }
});

test('what is found again is erased again, and given up after three rounds', async () => {
  const once = new FakeBucket();
  once.arriving = [1];
  expect((await forgetUser(once.deps(), asked())).summary).not.toBeNull();
  expect(once.phases).toEqual(['find', 'rewrite', 'purge', 'find', 'rewrite', 'purge', 'find']);
  const always = new FakeBucket();
  always.arriving = [1, 1, 1, 1];
  await expect(forgetUser(always.deps(), asked())).rejects.toThrow('after 3 rounds the user is still found');
  expect(Object.keys(always.documents.snapshot())).toContain(erasureRequestKey(ID));
});

test('a phase that fails says why and how to go on; begun again it does not ask twice', async () => {
  const bucket = new FakeBucket();
  bucket.failing = 'purge';
  await expect(forgetUser(bucket.deps(), asked())).rejects.toMatchObject({
    message: 'purge ended FAILED (Glue run jr_3): streams/b.csv has arrived',
    todo: expect.stringContaining('npx music-etl forget-user 26'),
    exitCode: 1,
  });
  bucket.failing = null;
  const confirm = async (): Promise<never> => {
    throw new Error('asked again');
  };
  const { summary } = await forgetUser(bucket.deps({ confirm, chance: () => 'ffffffff' }), asked({ yes: false }));
  expect(summary?.erasure_id).toBe(ID);
  expect(bucket.phases.slice(3)).toEqual(['rewrite', 'purge', 'find']);
});

test('a run of the job that an interrupted command began is followed, not begun a second time', async () => {
  const bucket = new FakeBucket();
  bucket.failing = 'rewrite';
  await expect(forgetUser(bucket.deps(), asked())).rejects.toThrow('rewrite ended FAILED');
  bucket.failing = null;
  bucket.underWay = { id: 'jr_old', phase: 'find', state: 'SUCCEEDED', error: null };
  const deps = bucket.deps();
  const find = async () => {
    const run = bucket.underWay;
    bucket.underWay = null;
    return run;
  };
  const get: ForgetDeps['job']['get'] = async (id) =>
    id === 'jr_old' ? { id, phase: 'find', state: 'SUCCEEDED', error: null } : deps.job.get(id);
  await forgetUser({ ...deps, job: { ...deps.job, find, get } }, asked());
  expect(bucket.phases).toEqual(['find', 'rewrite', 'rewrite', 'purge', 'find']);
});

/** An interrupted command's rewrite is under way; it ends while it is followed. */
const interruptedInRewrite = async (bucket: FakeBucket): Promise<ForgetDeps & ReturnType<typeof operationDeps>> => {
  bucket.failing = 'rewrite';
  await expect(forgetUser(bucket.deps(), asked())).rejects.toThrow('rewrite ended FAILED');
  bucket.failing = null;
  bucket.underWay = { id: 'jr_old', phase: 'rewrite', state: 'RUNNING', error: null };
  const deps = bucket.deps();
  const get: ForgetDeps['job']['get'] = async (id) => {
    if (id !== 'jr_old') return deps.job.get(id);
    if (bucket.underWay) await deps.job.start(ID, 'rewrite', 9);
    bucket.underWay = null;
    return { id, phase: 'rewrite', state: 'SUCCEEDED', error: null };
  };
  return { ...deps, job: { ...deps.job, get } };
};

test('a dry run that meets a rewrite under way keeps the erasure and says that it has begun', async () => {
  const bucket = new FakeBucket();
  const deps = await interruptedInRewrite(bucket);
  const { begun } = await forgetUser(deps, asked({ dryRun: true }));
  expect(begun).toBe(true);
  expect(Object.keys(bucket.documents.snapshot())).toContain(erasureRequestKey(ID));
  expect((await forgetUser(bucket.deps(), asked())).summary?.erasure_id).toBe(ID);
});

test('whoever meets a rewrite under way is not asked again: it is gone on with', async () => {
  const bucket = new FakeBucket();
  const deps = await interruptedInRewrite(bucket);
  const { summary } = await forgetUser({ ...deps, confirm: async () => false }, asked({ yes: false }));
  expect(summary?.erasure_id).toBe(ID);
  expect(bucket.phases.slice(2)).toEqual(['rewrite', 'purge', 'find']);
});

test('who says no while another command erases takes nothing back', async () => {
  for (const state of ['rewritten', 'under way']) {
    const bucket = new FakeBucket();
    const other = bucket.deps();
    const confirm = async () => {
      if (state === 'rewritten') await other.job.start(ID, 'rewrite', 1);
      else bucket.underWay = { id: 'jr_other', phase: 'rewrite', state: 'RUNNING', error: null };
      return false;
    };
    const { begun, declined } = await forgetUser(bucket.deps({ confirm }), asked({ yes: false }));
    expect([begun, declined, bucket.deleted]).toEqual([true, true, []]);
  }
});

test('a request that another command took back while the question stood is written again', async () => {
  const bucket = new FakeBucket();
  const confirm = async () => {
    await forgetUser(bucket.deps(), asked({ dryRun: true }));
    expect(bucket.documents.snapshot()).toEqual({});
    return true;
  };
  const deps = bucket.deps({ confirm });
  const start: ForgetDeps['job']['start'] = async (id, phase, attempt) => {
    expect(Object.keys(bucket.documents.snapshot())).toContain(erasureRequestKey(id));
    return deps.job.start(id, phase, attempt);
  };
  const { summary } = await forgetUser({ ...deps, job: { ...deps.job, start } }, asked({ yes: false }));
  expect(summary?.erasure_id).toBe(ID);
});

test("nothing is erased where another user's erasure was asked for while the question stood", async () => {
  const bucket = new FakeBucket();
  const confirm = async () => {
    await forgetUser(bucket.deps(), asked({ dryRun: true }));
    const request = { schema_version: 1, erasure_id: OTHER, user_id: '27', requested_by: 'bob' };
    await bucket.documents.mark(erasureRequestKey(OTHER), { ...request, requested_at: '2026-11-24T08:00:00.000Z' });
    return true;
  };
  await expect(forgetUser(bucket.deps({ confirm }), asked({ yes: false }))).rejects.toThrow(
    `the erasure of another user (${OTHER}) is unfinished`,
  );
  expect(bucket.phases).not.toContain('rewrite');
});

test('a request with which another command searches now is left to it', async () => {
  const bucket = new FakeBucket();
  const confirm = async () => {
    bucket.underWay = { id: 'jr_other', phase: 'find', state: 'RUNNING', error: null };
    return false;
  };
  expect(await forgetUser(bucket.deps({ confirm }), asked({ yes: false }))).toMatchObject({ begun: false });
  expect(bucket.deleted).toEqual([]);
});

test('a search that fails leaves no request behind, one that was there before stays', async () => {
  const bucket = new FakeBucket();
  bucket.failing = 'find';
  await expect(forgetUser(bucket.deps(), asked({ dryRun: true }))).rejects.toMatchObject({
    message: expect.stringContaining('find ended FAILED'),
    todo: expect.stringContaining('npx music-etl forget-user 26 --dry-run'),
  });
  expect(bucket.documents.snapshot()).toEqual({});
  const begun = new FakeBucket();
  await leftRequest(begun);
  begun.failing = 'find';
  await expect(forgetUser(begun.deps(), asked({ dryRun: true }))).rejects.toThrow('find ended FAILED');
  expect(Object.keys(begun.documents.snapshot())).toContain(erasureRequestKey(ID));
});

test('waits while something is under way, and a run that was given up is explained', async () => {
  const document: RunDocument | null = aRun().document;
  const dead = withRun(
    { ...aRun(aStage('kpi', { state: 'dead', error: 'failed 3 times: out of memory' })), document },
    {
      active: [{ stage: 'kpi', run_id: RUN }],
    },
  );
  const waits = new FakeBucket();
  waits.busy = [aSnapshot({ active: [{ stage: 'kpi', run_id: RUN }] }), aSnapshot({ pending: 2, replays: 1 })];
  const deps = waits.deps();
  await forgetUser(deps, asked());
  expect(deps.screen.lines[0]).toBe('waits until nothing is under way: 1 run under way (kpi)');
  const given = new FakeBucket();
  given.busy = Array(60).fill(dead);
  await expect(forgetUser(given.deps(), asked())).rejects.toMatchObject({
    message: expect.stringMatching(/^a run was given up\. kpi of .*npx music-etl redrive kpi/),
    todo: 'then npx music-etl forget-user 26, which goes on',
  });
  expect(given.phases).toEqual([]);
});

/** A command was killed before anybody had decided. */
const leftRequest = async (bucket: FakeBucket): Promise<void> => {
  const request = { schema_version: 1, erasure_id: ID, user_id: '26', requested_by: 'ada' };
  await bucket.documents.mark(erasureRequestKey(ID), { ...request, requested_at: '2026-11-24T08:00:00.000Z' });
};

test("another user's unfinished erasure comes first", async () => {
  const bucket = new FakeBucket();
  bucket.failing = 'rewrite';
  const another = () => forgetUser(bucket.deps(), asked({ userId: '27' }));
  await expect(forgetUser(bucket.deps(), asked())).rejects.toThrow('rewrite ended FAILED');
  await expect(another()).rejects.toMatchObject({ todo: 'finish it first: npx music-etl forget-user 26' });
});

test('nobody is told to erase another user of whom only the question was asked', async () => {
  const bucket = new FakeBucket();
  await leftRequest(bucket);
  await expect(forgetUser(bucket.deps(), asked({ userId: '27' }))).rejects.toMatchObject({
    todo: 'nothing was rewritten yet; take it back with npx music-etl forget-user 26 --dry-run, or ask who began it (ada)',
  });
  await forgetUser(bucket.deps(), asked({ dryRun: true }));
  expect(bucket.documents.snapshot()).toEqual({});
});

test('a rewrite that failed may have rewritten some files: a dry run takes nothing back', async () => {
  const bucket = new FakeBucket();
  bucket.failing = 'rewrite';
  await expect(forgetUser(bucket.deps(), asked())).rejects.toThrow('rewrite ended FAILED');
  expect(await forgetUser(bucket.deps(), asked({ dryRun: true }))).toMatchObject({ begun: true });
  expect(bucket.deleted).toEqual([]);
});

test('an id is quoted where a shell would take it apart', () => {
  expect(forgetCommand({ user_id: "o'neil 7" }, '-test')).toBe(
    "npx music-etl forget-user 'o'\\''neil 7' --suffix=-test",
  );
  expect(parseUser(' 26 ')).toBe('26');
  expect(() => parseUser('  ')).toThrow('the id of the user is empty');
});
