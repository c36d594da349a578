/** Names the metrics of a deployment, as CloudWatch's dashboards do. */
const { require: requireTs } = require('tsx/cjs/api');

const { STAGES, queueName } = requireTs('../../contracts/src/index.ts', __filename);
const FUNCTIONS = ['start', 'complete', 'reconcile'];

module.exports = ({ environment, suffix, table }) => {
  const ours = (name, stage, label) => [
    'MusicStreaming',
    name,
    'service',
    queueName(stage),
    'environment',
    environment,
    { label },
  ];
  return {
    /** Metrics of one stage. */
    ofOne: (stage, ...names) => names.map((name) => ours(name, stage, name)),
    /** One metric of every stage. */
    ofAll: (name) => STAGES.map((stage) => ours(name, stage, stage)),
    /** One metric of every queue; `end` is `-dlq` for dead-letter queues. */
    ofQueues: (name, end = '') =>
      STAGES.map((stage) => ['AWS/SQS', name, 'QueueName', `${queueName(stage)}${suffix}${end}`, { label: stage }]),
    /** One metric of every function. */
    ofFunctions: (name) =>
      STAGES.flatMap((stage) =>
        FUNCTIONS.map((movement) => {
          const label = `${stage} ${movement}`;
          return ['AWS/Lambda', name, 'FunctionName', `${queueName(stage)}-${environment}-${movement}`, { label }];
        }),
      ),
    /** One metric of the table; `more` are further dimensions. */
    ofTable: (name, ...more) => ['AWS/DynamoDB', name, 'TableName', table, ...more],
  };
};
