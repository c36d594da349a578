import { STAGES, type Stage } from '@music-etl/contracts';
import { z } from 'zod';
import { MEASURED, METRIC_DIMENSIONS, METRIC_NAMES, METRIC_NAMESPACE } from '../../stage/src/domain/measurement.ts';
import type { Resource } from './package-service.ts';

/** A metric as an alarm or a graph names it. */
export interface Watched {
  readonly namespace: string;
  readonly name: string;
  /** With the names that the template gives its resources. */
  readonly dimensions: Readonly<Record<string, string>>;
}

const Alarm = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(
    z.object({
      Name: z.string(),
      Value: z.union([
        z.string(),
        z.object({ Ref: z.string() }),
        z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }),
      ]),
    }),
  ),
});

/** What a resource is called in AWS, by the kinds that have metrics. */
const NAMES: Readonly<Record<string, string>> = {
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::DynamoDB::Table': 'TableName',
};

const nameOf = ({ type, properties }: Resource): string => String(properties[NAMES[type] ?? ''] ?? '');

/** The metric an alarm watches; a reference to a resource stands for that resource's name. */
export const watchedBy = (alarm: unknown, resources: readonly Resource[]): Watched => {
  const { Namespace, MetricName, Dimensions } = Alarm.parse(alarm);
  const resolved = (value: (typeof Dimensions)[number]['Value']): string => {
    if (typeof value === 'string') return value;
    const id = 'Ref' in value ? value.Ref : value['Fn::GetAtt'][0];
    const found = resources.find((resource) => resource.id === id);
    return found === undefined ? `no resource ${id}` : nameOf(found);
  };
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, resolved(Value)]));
  return { namespace: Namespace, name: MetricName, dimensions };
};

const Graph = z.object({
  type: z.literal('metric'),
  properties: z.object({ metrics: z.array(z.array(z.unknown())) }),
});
const Dashboard = z.object({ widgets: z.array(z.union([Graph, z.object({ type: z.literal('text') })])) });

/** Every metric that a dashboard's graphs name. */
export const graphed = (body: unknown): Watched[] =>
  Dashboard.parse(JSON.parse(z.string().parse(body))).widgets.flatMap((widget) =>
    'properties' in widget
      ? widget.properties.metrics.map((entry) => {
          const [namespace = '', name = '', ...rest] = entry.filter((part) => typeof part === 'string');
          const pairs = rest.flatMap((key, i) => (i % 2 === 0 ? [[key, rest[i + 1] ?? '']] : []));
          return { namespace, name, dimensions: Object.fromEntries(pairs) };
        })
      : [],
  );

const text = ({ namespace, name, dimensions }: Watched): string =>
  `${namespace} ${name} ${Object.entries(dimensions)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(' ')}`;

/** Every metric that the functions of `stage` emit. */
export const emittedBy = (stage: Stage, environment: string): string[] =>
  METRIC_NAMES.filter((name) => {
    const stages: readonly Stage[] = MEASURED[name].stages;
    return stages.includes(stage);
  }).map((name) => {
    const values = { service: `music-streaming-${stage}`, environment };
    const dimensions = Object.fromEntries(METRIC_DIMENSIONS.map((dimension) => [dimension, values[dimension]]));
    return text({ namespace: METRIC_NAMESPACE, name, dimensions });
  });

/** What AWS measures of the resources that we deploy, as far as anybody here looks at it. */
const OF_AWS: Readonly<
  Record<string, { type: string; names: readonly string[]; more?: Readonly<Record<string, string>> }[]>
> = {
  'AWS/SQS': [
    { type: 'AWS::SQS::Queue', names: ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'] },
  ],
  'AWS/Lambda': [{ type: 'AWS::Lambda::Function', names: ['Errors', 'Throttles', 'Invocations'] }],
  'AWS/DynamoDB': [
    { type: 'AWS::DynamoDB::Table', names: ['WriteThrottleEvents', 'ConsumedWriteCapacityUnits'] },
    { type: 'AWS::DynamoDB::Table', names: ['SystemErrors'], more: { Operation: 'TransactWriteItems' } },
  ],
};

/** Every metric that AWS keeps of `resources`. */
export const keptOf = (resources: readonly Resource[]): string[] =>
  Object.entries(OF_AWS).flatMap(([namespace, kinds]) =>
    kinds.flatMap(({ type, names, more = {} }) =>
      resources
        .filter((resource) => resource.type === type)
        .flatMap((resource) =>
          names.map((name) => {
            const dimensions = { [NAMES[type] ?? '']: nameOf(resource), ...more };
            return text({ namespace, name, dimensions });
          }),
        ),
    ),
  );

/** Those of `watched` that nobody emits and AWS does not keep. */
export const unknownOf = (watched: readonly Watched[], known: readonly string[]): string[] =>
  watched.map(text).filter((one) => !known.includes(one));

/** Those that are emitted and not among `watched`. */
export const unseenOf = (watched: readonly Watched[], environment: string): string[] => {
  const seen = new Set(watched.map(text));
  return STAGES.flatMap((stage) => emittedBy(stage, environment)).filter((one) => !seen.has(one));
};
