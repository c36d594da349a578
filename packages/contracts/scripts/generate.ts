/** Writes what Python and the templates read of the contracts, into glue-scripts/contracts/generated/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as changeLog from '../src/documents/change-log.ts';
import * as date from '../src/documents/date.ts';
import * as erasure from '../src/documents/erasure.ts';
import * as file from '../src/documents/file.ts';
import * as generation from '../src/documents/generation.ts';
import * as markers from '../src/documents/markers.ts';
import * as reference from '../src/documents/reference.ts';
import * as run from '../src/documents/run.ts';
import { FILE_STATE_SETS } from '../src/file-states.ts';
import * as metrics from '../src/metrics.ts';
import * as results from '../src/results/index.ts';
import * as reasons from '../src/row-reasons.ts';
import * as stages from '../src/stages.ts';
import * as columns from '../src/stream-columns.ts';
import { pythonTypes } from './python-types.ts';
import { currentSchemas } from './schemas.ts';

const out = fileURLToPath(new URL('../../../glue-scripts/contracts/generated/', import.meta.url));

const writeJson = (name: string, value: unknown): void =>
  writeFileSync(`${out}${name}.json`, `${JSON.stringify(value, null, 2)}\n`);

mkdirSync(out, { recursive: true });
writeFileSync(`${out}__init__.py`, '');
writeJson('schemas', Object.assign({}, ...Object.values(currentSchemas())));
writeJson('metrics', metrics.METRICS);
writeJson('stages', stages.stageList());
writeJson('constants', {
  backfill_start: stages.BACKFILL_START,
  date_reach: metrics.DATE_REACH,
  file_states: FILE_STATE_SETS,
});
writeJson('stream_columns', columns.STREAM_COLUMNS);
writeJson('row_reasons', { reasons: reasons.ROW_REASONS, unknown_ids: reasons.UNKNOWN_IDS });

const types = pythonTypes({
  documents: { ...changeLog, ...date, ...erasure, ...file, ...generation, ...markers, ...reference, ...run },
  results: { ...results },
  lists: { ...metrics, ...columns, StageEntry: stages.StageEntry },
});
for (const [name, text] of Object.entries(types)) writeFileSync(`${out}${name}.py`, text);
