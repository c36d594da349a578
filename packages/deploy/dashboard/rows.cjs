const { require: requireTs } = require('tsx/cjs/api');

const { ROW_REASONS, rowsMetric } = requireTs('../../contracts/src/index.ts', __filename);

const graph = (title, metrics, { stat = 'Sum', stacked = false, period = 300 } = {}) => ({
  type: 'metric',
  properties: { title, metrics, stat, period, stacked, view: 'timeSeries' },
});

const text = (markdown) => ({ type: 'text', properties: { markdown } });

const MAXIMUM = { stat: 'Maximum' };
const STACKED = { stacked: true };

const INTRODUCTION = `## Music Streaming ETL
docs/operate.md explains each graph and what to do. \`music-etl status\` names files, runs and dead-letter messages.`;

const durations = ({ ofOne, ofAll }) => [
  text(INTRODUCTION),
  graph('Freshness: arrival to table, s', ofOne('load', 'FreshnessSeconds'), MAXIMUM),
  graph('A run, from creation to archive, s', ofOne('archive', 'RunSeconds'), MAXIMUM),
  graph('Stages, s', ofAll('StageSeconds'), MAXIMUM),
];

const progress = ({ ofOne, ofAll }) => [
  graph('Active runs', ofAll('ActiveRuns'), { ...MAXIMUM, ...STACKED }),
  graph('Oldest run without progress, s', ofAll('OldestActiveRunSeconds'), MAXIMUM),
  graph('Files in no run yet', ofOne('ingest', 'PendingFiles'), MAXIMUM),
  graph('Oldest of them, s', ofOne('ingest', 'OldestPendingSeconds'), MAXIMUM),
];

const dataQuality = ({ ofOne }) => [
  graph('Rows', ofOne('validate', 'RowsAccepted', 'RowsDuplicate', 'RowsQuarantined', 'RowsHeld'), STACKED),
  graph('Quarantined rows by reason', ofOne('validate', ...ROW_REASONS.map(rowsMetric)), STACKED),
  graph('Quarantined of all rows, %', ofOne('validate', 'QuarantinedPercent'), { stat: 'Average' }),
  graph('Reused event ids', ofOne('validate', 'ReusedEventIds')),
];

const output = ({ ofOne }) => [
  graph('Files', [
    ...ofOne('ingest', 'FilesPrepared', 'FilesReplayed', 'FilesWaiting', 'FilesRejected', 'ReferenceFilesBroken'),
    ...ofOne('validate', 'FilesHeld'),
    ...ofOne('archive', 'FilesArchived'),
  ]),
  graph('Dates', [...ofOne('kpi', 'DatesPublished', 'DatesOvertaken'), ...ofOne('load', 'DatesLoaded')]),
  graph('Items', ofOne('load', 'ItemsWritten', 'ItemsRemoved')),
];

const queues = ({ ofQueues }) => [
  graph('Messages in dead-letter queues', ofQueues('ApproximateNumberOfMessagesVisible', '-dlq'), {
    ...MAXIMUM,
    ...STACKED,
  }),
  graph('Messages in queues', ofQueues('ApproximateNumberOfMessagesVisible'), { ...MAXIMUM, ...STACKED }),
  graph('Oldest message, s', ofQueues('ApproximateAgeOfOldestMessage'), MAXIMUM),
];

const failures = ({ ofAll }) => [
  graph('Dead-letter messages sent', ofAll('DeadLetters'), STACKED),
  graph('Failed Glue runs', ofAll('JobFailures'), STACKED),
  graph('Attempts beyond the first', ofAll('ExtraAttempts'), STACKED),
  graph('Deferred at capacity', ofAll('Deferrals'), STACKED),
];

const infrastructure = ({ ofFunctions, ofTable }) => [
  graph('Functions: errors', ofFunctions('Errors')),
  graph('Functions: throttled', ofFunctions('Throttles')),
  graph('Table', [
    ofTable('WriteThrottleEvents'),
    ofTable('SystemErrors', 'Operation', 'TransactWriteItems'),
    ofTable('ConsumedWriteCapacityUnits'),
  ]),
];

/** Returns the widgets of the dashboard, row by row. */
module.exports = (metrics) =>
  [durations, progress, dataQuality, output, queues, failures, infrastructure].map((row) => row(metrics));
