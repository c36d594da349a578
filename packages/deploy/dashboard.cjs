/**
 * The body of the pipeline's one dashboard, for `DashboardBody: ${file(…/dashboard.cjs)}`: what the five services
 * measure, side by side, top down in the order in which a person on call asks. A test holds every name against what is
 * emitted and deployed.
 */
const STAGES = ['ingest', 'validate', 'kpi', 'load', 'archive'];
const FUNCTIONS = ['start', 'complete', 'reconcile'];
const WIDTH = 24;
const HEIGHT = 6;

/** @returns a widget; `y` and `x` are given by the row it stands in. */
const graph = (title, metrics, { stat = 'Sum', stacked = false, period = 300 } = {}) => ({
  type: 'metric',
  properties: { title, metrics, stat, period, stacked, view: 'timeSeries' },
});

const text = (markdown) => ({ type: 'text', properties: { markdown } });

/** Lays rows of widgets out, each row shared equally. */
const laidOut = (rows, region) =>
  rows.flatMap((row, y) =>
    row.map(({ type, properties }, x) => ({
      type,
      width: WIDTH / row.length,
      height: HEIGHT,
      x: (x * WIDTH) / row.length,
      y: y * HEIGHT,
      properties: type === 'metric' ? { ...properties, region } : properties,
    })),
  );

const rowsOf = (environment, suffix, table) => {
  const ours = (name, stage, options) => [
    'MusicStreaming',
    name,
    'service',
    `music-streaming-${stage}`,
    'environment',
    environment,
    options,
  ];
  const ofOne = (stage, ...names) => names.map((name) => ours(name, stage, { label: name }));
  const ofAll = (name) => STAGES.map((stage) => ours(name, stage, { label: stage }));
  const ofQueues = (name, end = '') =>
    STAGES.map((stage) => ['AWS/SQS', name, 'QueueName', `music-streaming-${stage}${suffix}${end}`, { label: stage }]);
  const ofFunctions = (name) =>
    STAGES.flatMap((stage) =>
      FUNCTIONS.map((movement) => {
        const label = `${stage} ${movement}`;
        return ['AWS/Lambda', name, 'FunctionName', `music-streaming-${stage}-${environment}-${movement}`, { label }];
      }),
    );
  const ofTable = (name, ...more) => ['AWS/DynamoDB', name, 'TableName', table, ...more];
  const most = { stat: 'Maximum' };
  const pile = { stacked: true };
  return [
    [
      text(
        '## Music Streaming ETL\nWhat each graph means and what to do: docs/operate.md. `music-etl status` names files, runs and dead letters.',
      ),
      graph('Freshness: arrival to table, s', ofOne('load', 'FreshnessSeconds'), most),
      graph('A run, from forming to archive, s', ofOne('archive', 'RunSeconds'), most),
      graph('Stages, s', ofAll('StageSeconds'), most),
    ],
    [
      graph('Runs in hand', ofAll('ActiveRuns'), { ...most, ...pile }),
      graph('Oldest run that does not get on, s', ofAll('OldestActiveRunSeconds'), most),
      graph('Files in no run yet', ofOne('ingest', 'PendingFiles'), most),
      graph('Oldest of them, s', ofOne('ingest', 'OldestPendingSeconds'), most),
    ],
    [
      graph('Rows', ofOne('validate', 'RowsAccepted', 'RowsDuplicate', 'RowsQuarantined', 'RowsHeld'), pile),
      graph(
        'Rows in quarantine, why',
        ofOne(
          'validate',
          'RowsMalformedRow',
          'RowsMissingField',
          'RowsBadTimestamp',
          'RowsTimestampOutOfRange',
          'RowsBadNumber',
          'RowsUnknownUser',
          'RowsUnknownTrack',
        ),
        pile,
      ),
      graph('Rejected of all rows read, %', ofOne('validate', 'QuarantinedPercent'), { stat: 'Average' }),
    ],
    [
      graph('Files', [
        ...ofOne('ingest', 'FilesPrepared', 'FilesReplayed', 'FilesWaiting', 'FilesRejected', 'ReferenceFilesBroken'),
        ...ofOne('validate', 'FilesHeld'),
        ...ofOne('archive', 'FilesArchived'),
      ]),
      graph('Dates', [...ofOne('kpi', 'DatesPublished', 'DatesOvertaken'), ...ofOne('load', 'DatesLoaded')]),
      graph('Items', ofOne('load', 'ItemsWritten', 'ItemsRemoved')),
    ],
    [
      graph('Dead letters there', ofQueues('ApproximateNumberOfMessagesVisible', '-dlq'), { ...most, ...pile }),
      graph('Messages there', ofQueues('ApproximateNumberOfMessagesVisible'), { ...most, ...pile }),
      graph('Oldest message, s', ofQueues('ApproximateAgeOfOldestMessage'), most),
    ],
    [
      graph('Dead letters sent', ofAll('DeadLetters'), pile),
      graph('Glue runs that failed', ofAll('JobFailures'), pile),
      graph('Attempts beyond the first', ofAll('ExtraAttempts'), pile),
      graph('Put off, the house was full', ofAll('Deferrals'), pile),
    ],
    [
      graph('Functions: errors', ofFunctions('Errors')),
      graph('Functions: throttled', ofFunctions('Throttles')),
      graph('Table', [
        ofTable('WriteThrottleEvents'),
        ofTable('SystemErrors', 'Operation', 'TransactWriteItems'),
        ofTable('ConsumedWriteCapacityUnits'),
      ]),
    ],
  ];
};

module.exports = async ({ resolveVariable }) => {
  const [environment, suffix, table, region] = await Promise.all(
    ['sls:stage', 'param:suffix', 'param:table', 'self:provider.region'].map(resolveVariable),
  );
  return JSON.stringify({ widgets: laidOut(rowsOf(environment, suffix, table), region) });
};
