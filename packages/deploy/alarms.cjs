/**
 * The alarms of a service, for `${file(…/alarms.cjs)}`: those of every stage (fragments/alarms.yml) and those of
 * alarms.yml in the service's own folder. Both files contain CloudFormation properties; what all alarms have in common
 * is added here. A test compares every metric with what is emitted, and every runbook entry with docs/operate.md.
 */
const EVERY_STAGE = 'file(../../packages/deploy/fragments/alarms.yml)';
const OWN = 'file(alarms.yml), null';

const COMMON = {
  Period: 300,
  EvaluationPeriods: 1,
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
  AlarmActions: [{ Ref: 'AlarmTopic' }],
};

/** Writes a variable that serverless resolves. */
const variable = (address) => `\${${address}}`;
const SERVICE = variable('self:custom.stage.queue');
const DEPLOYMENT = variable('sls:stage');

/** The dimensions of our own metrics; alarms on AWS's metrics name theirs. */
const OUR_DIMENSIONS = [
  { Name: 'service', Value: SERVICE },
  { Name: 'environment', Value: DEPLOYMENT },
];

/** `DeadLetters` → `dead-letters`. */
const dashed = (name) => name.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

const alarm = (name, { Description, Runbook, Namespace = 'MusicStreaming', ...properties }) => [
  `${name}Alarm`,
  {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      ...COMMON,
      ...(Namespace === 'MusicStreaming' ? { Dimensions: OUR_DIMENSIONS } : {}),
      AlarmName: `${SERVICE}-${dashed(name)}-${DEPLOYMENT}`,
      AlarmDescription: `${Description} docs/operate.md, "${Runbook}".`,
      Namespace,
      ...properties,
    },
  },
];

module.exports = async ({ resolveVariable }) => {
  const [everyStage, own] = await Promise.all([EVERY_STAGE, OWN].map((source) => resolveVariable(source)));
  const alarms = Object.entries({ ...everyStage, ...own }).map(([name, properties]) => alarm(name, properties));
  const topic = {
    Type: 'AWS::SNS::Topic',
    Properties: { TopicName: `${SERVICE}-alarms-${DEPLOYMENT}` },
  };
  return { Resources: { AlarmTopic: topic, ...Object.fromEntries(alarms) } };
};
