import { GetMetricStatisticsCommand, type MetricAlarm, Statistic } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { measuredSince } from './measurements.ts';
import type { World } from './world.ts';

const dimensionsOf = ({ Dimensions = [] }: MetricAlarm): Record<string, string> =>
  Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));

const sameAs = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());

const queueValues = async (world: World, metric: string, QueueName: string): Promise<number[]> => {
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

const functionValues = async (world: World, alarm: MetricAlarm, since: number): Promise<number[]> => {
  const { Namespace, MetricName, Dimensions } = alarm;
  // The first period begins before the moment, the last one ends in the future.
  const [StartTime, EndTime] = [new Date(since), new Date(Date.now() + 60_000)];
  const query = { Namespace, MetricName, Dimensions, StartTime, EndTime, Period: 60, Statistics: [Statistic.Sum] };
  const { Datapoints = [] } = await world.cloudwatch.send(new GetMetricStatisticsCommand(query));
  return Datapoints.map(({ Sum = 0 }) => Sum);
};

/** Returns the values of an alarm's metric since a moment, from the source that CloudWatch would use. */
export const valuesFor = async (world: World, alarm: MetricAlarm, since: number): Promise<number[]> => {
  const [name, dimensions] = [alarm.MetricName ?? '', dimensionsOf(alarm)];
  switch (alarm.Namespace) {
    case 'AWS/SQS':
      return queueValues(world, name, dimensions.QueueName ?? '');
    case 'AWS/Lambda':
      return functionValues(world, alarm, since);
    default:
      return (await measuredSince(world, since))
        .filter((one) => one.name === name && sameAs(one.dimensions, dimensions))
        .map(({ value }) => value);
  }
};
