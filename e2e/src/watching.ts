import {
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  type MetricAlarm,
  Statistic,
} from '@aws-sdk/client-cloudwatch';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetQueueAttributesCommand, GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { STAGES, type Stage } from '@music-etl/contracts';
import { z } from 'zod';
import { functionName, MOVEMENTS } from './settings.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

/** One number of a line in the embedded metric format, as CloudWatch would take it. */
export interface Measured {
  readonly name: string;
  readonly value: number;
  readonly dimensions: Readonly<Record<string, string>>;
  /** The whole line: properties too. */
  readonly line: Readonly<Record<string, unknown>>;
}

const Directive = z.object({
  Namespace: z.literal('MusicStreaming'),
  Dimensions: z.array(z.array(z.string())),
  Metrics: z.array(z.object({ Name: z.string(), Unit: z.string() })),
});
const EmbeddedMetrics = z.looseObject({
  _aws: z.object({ Timestamp: z.number(), CloudWatchMetrics: z.array(Directive) }),
});

export const functionLogGroups = (): string[] =>
  STAGES.flatMap((stage) => MOVEMENTS.map((movement) => `/aws/lambda/${functionName(stage, movement)}`));

/** Everything a log group has had since a moment; nothing where no function has run yet. */
const linesOf = async (world: World, logGroupName: string, since: number): Promise<string[]> => {
  const lines: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await world.logs
      .send(new FilterLogEventsCommand({ logGroupName, startTime: since, ...(nextToken && { nextToken }) }))
      .catch((error: unknown) => {
        if (error instanceof Error && error.name === 'ResourceNotFoundException') return null;
        throw error;
      });
    for (const { message = '' } of page?.events ?? []) lines.push(...message.split('\n'));
    nextToken = page?.nextToken;
  } while (nextToken !== undefined);
  return lines;
};

export const jsonOf = (line: string): Record<string, unknown> | null => {
  const begin = line.indexOf('{');
  if (begin < 0) return null;
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(line.slice(begin)));
  } catch {
    return null;
  }
};

const measuredIn = (line: string, since: number): Measured[] => {
  const parsed = EmbeddedMetrics.safeParse(jsonOf(line));
  if (!parsed.success || parsed.data._aws.Timestamp < since) return [];
  const { _aws, ...values } = parsed.data;
  return _aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(values[name])]));
      return Metrics.map(({ Name }) => ({ name: Name, value: Number(values[Name]), dimensions, line: values }));
    }),
  );
};

/** What the functions have measured since a moment. */
export const measuredSince = async (world: World, since: number): Promise<Measured[]> => {
  const groups = await Promise.all(functionLogGroups().map((group) => linesOf(world, group, since)));
  return groups.flat().flatMap((line) => measuredIn(line, since));
};

/** An alarm as it is deployed. */
export const alarmOf = async (world: World, stage: Stage, name: string): Promise<MetricAlarm> => {
  const AlarmNames = [`music-streaming-${stage}-${name}-local`];
  const { MetricAlarms = [] } = await world.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames }));
  const [alarm] = MetricAlarms;
  if (alarm === undefined) throw new Error(`there is no alarm ${AlarmNames[0]}`);
  return alarm;
};

const dimensionsOf = ({ Dimensions = [] }: MetricAlarm): Record<string, string> =>
  Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));

const sameAs = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

const ofQueue = async (world: World, metric: string, QueueName: string): Promise<number[]> => {
  const { QueueUrl } = await world.sqs.send(new GetQueueUrlCommand({ QueueName }));
  if (metric === 'ApproximateNumberOfMessagesVisible') {
    const AttributeNames = ['ApproximateNumberOfMessages'] as const;
    const { Attributes } = await world.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
    );
    return [Number(Attributes?.ApproximateNumberOfMessages)];
  }
  const { Messages = [] } = await world.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0, MessageSystemAttributeNames: ['SentTimestamp'] }),
  );
  return Messages.map(({ Attributes }) => (Date.now() - Number(Attributes?.SentTimestamp)) / 1000);
};

const ofFunction = async (world: World, alarm: MetricAlarm, since: number): Promise<number[]> => {
  const { Namespace, MetricName, Dimensions } = alarm;
  // The period in which the moment lies begins before it.
  const [StartTime, EndTime] = [new Date(since), new Date(Date.now() + 60_000)];
  const asked = { Namespace, MetricName, Dimensions, StartTime, EndTime, Period: 60, Statistics: [Statistic.Sum] };
  const { Datapoints = [] } = await world.cloudwatch.send(new GetMetricStatisticsCommand(asked));
  return Datapoints.map(({ Sum = 0 }) => Sum);
};

/** What there is, since a moment, of the metric an alarm watches: from where CloudWatch would have it. */
const valuesFor = async (world: World, alarm: MetricAlarm, since: number): Promise<number[]> => {
  const [name, dimensions] = [alarm.MetricName ?? '', dimensionsOf(alarm)];
  switch (alarm.Namespace) {
    case 'AWS/SQS':
      return ofQueue(world, name, dimensions.QueueName ?? '');
    case 'AWS/Lambda':
      return ofFunction(world, alarm, since);
    default:
      return (await measuredSince(world, since))
        .filter((one) => one.name === name && sameAs(one.dimensions, dimensions))
        .map(({ value }) => value);
  }
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const statisticOf = ({ Statistic: statistic }: MetricAlarm, values: readonly number[]): number => {
  if (statistic === 'Sum') return sum(values);
  return statistic === 'Average' ? sum(values) / values.length : Math.max(...values);
};

/**
 * Whether an alarm would call for what has been since a moment.
 * @param threshold what to hold it against instead of its own, where a test cannot wait as long.
 */
export const calls = async (
  world: World,
  alarm: MetricAlarm,
  since: number,
  threshold = alarm.Threshold ?? 0,
): Promise<boolean> => {
  const values = await valuesFor(world, alarm, since);
  if (values.length === 0) return alarm.TreatMissingData === 'breaching';
  const value = statisticOf(alarm, values);
  return alarm.ComparisonOperator === 'LessThanThreshold' ? value < threshold : value > threshold;
};

/** Waits until an alarm would call. */
export const called = async (
  world: World,
  stage: Stage,
  name: string,
  since: number,
  threshold?: number,
): Promise<void> => {
  const alarm = await alarmOf(world, stage, name);
  await until(world, `${alarm.AlarmName} calls`, () => calls(world, alarm, since, threshold));
};

/** Waits until an alarm would no longer call. */
export const quiet = async (world: World, stage: Stage, name: string, since: number): Promise<void> => {
  const alarm = await alarmOf(world, stage, name);
  await until(world, `${alarm.AlarmName} is quiet`, async () => !(await calls(world, alarm, since)));
};
