import { STAGES, type Stage } from '@music-etl/contracts';
import { MEASURED, METRIC_DIMENSIONS, METRIC_NAMES, METRIC_NAMESPACE, serviceName } from '@music-etl/stage';
import type { Resource } from './package-service.ts';
import { textOf, type WatchedMetric } from './watched-metrics.ts';

/** Returns every metric that the functions of `stage` emit. */
export const emittedBy = (stage: Stage, environment: string): string[] =>
  METRIC_NAMES.filter((name) => {
    const stages: readonly Stage[] = MEASURED[name].stages;
    return stages.includes(stage);
  }).map((name) => {
    const values = { service: serviceName(stage), environment };
    const dimensions = Object.fromEntries(METRIC_DIMENSIONS.map((dimension) => [dimension, values[dimension]]));
    return textOf({ namespace: METRIC_NAMESPACE, name, dimensions });
  });

/** The kinds of resources that have metrics, with the property that is the resource's name in AWS. */
const NAME_PROPERTY: Readonly<Record<string, string>> = {
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::DynamoDB::Table': 'TableName',
};

/** Returns the name of a resource in AWS. */
export const nameOf = ({ type, properties }: Resource): string => String(properties[NAME_PROPERTY[type] ?? ''] ?? '');

interface AwsMetrics {
  readonly namespace: string;
  readonly type: string;
  readonly names: readonly string[];
  readonly more?: Readonly<Record<string, string>>;
}

/** The metrics of AWS's own that alarms or graphs use. */
const AWS_METRICS: readonly AwsMetrics[] = [
  {
    namespace: 'AWS/SQS',
    type: 'AWS::SQS::Queue',
    names: ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'],
  },
  { namespace: 'AWS/Lambda', type: 'AWS::Lambda::Function', names: ['Errors', 'Throttles', 'Invocations'] },
  {
    namespace: 'AWS/DynamoDB',
    type: 'AWS::DynamoDB::Table',
    names: ['WriteThrottleEvents', 'ConsumedWriteCapacityUnits'],
  },
  {
    namespace: 'AWS/DynamoDB',
    type: 'AWS::DynamoDB::Table',
    names: ['SystemErrors'],
    more: { Operation: 'TransactWriteItems' },
  },
];

/** Returns every metric that AWS keeps of `resources`. */
export const keptOf = (resources: readonly Resource[]): string[] =>
  AWS_METRICS.flatMap(({ namespace, type, names, more = {} }) =>
    resources
      .filter((resource) => resource.type === type)
      .flatMap((resource) =>
        names.map((name) => {
          const dimensions = { [NAME_PROPERTY[type] ?? '']: nameOf(resource), ...more };
          return textOf({ namespace, name, dimensions });
        }),
      ),
  );

/** Returns the metrics among `watched` that nobody emits and AWS does not keep. */
export const unknownOf = (watched: readonly WatchedMetric[], known: readonly string[]): string[] =>
  watched.map(textOf).filter((one) => !known.includes(one));

/** Returns the emitted metrics that are not among `watched`. */
export const unseenOf = (watched: readonly WatchedMetric[], environment: string): string[] => {
  const seen = new Set(watched.map(textOf));
  return STAGES.flatMap((stage) => emittedBy(stage, environment)).filter((one) => !seen.has(one));
};
