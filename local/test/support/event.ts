import { glueStateChange } from '../../src/events/event.ts';
import type { Run } from '../../src/glue/run.ts';

const RUN: Run = {
  Id: 'jr_1',
  JobName: 'a_job',
  Attempt: 0,
  Arguments: { '--run_id': 'R' },
  Timeout: 60,
  JobRunState: 'FAILED',
  StartedOn: 0,
  LastModifiedOn: 1,
  CompletedOn: 1,
  ErrorMessage: 'ValueError: no',
};
/** The event of a failed run. */
export const EVENT = glueStateChange(RUN, { id: 'e-1', account: '000000000000', region: 'us-east-1', at: 1_500 });
