import { DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Stage } from '@music-etl/contracts';
import { valuesFor } from './alarm-values.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

/** Returns a deployed alarm. */
export const alarmOf = async (world: World, stage: Stage, name: string): Promise<MetricAlarm> => {
  const AlarmNames = [`music-streaming-${stage}-${name}-local`];
  const { MetricAlarms = [] } = await world.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames }));
  const [alarm] = MetricAlarms;
  if (alarm === undefined) throw new Error(`there is no alarm ${AlarmNames[0]}`);
  return alarm;
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const statisticOf = ({ Statistic: statistic }: MetricAlarm, values: readonly number[]): number => {
  if (statistic === 'Sum') return sum(values);
  return statistic === 'Average' ? sum(values) / values.length : Math.max(...values);
};

/**
 * Returns true if an alarm would be in state ALARM after what happened since a moment.
 * @param threshold replaces the alarm's own, which a test may not wait for
 */
export const isInAlarm = async (
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

/** Waits until an alarm would be in state ALARM. */
export const untilAlarm = async (
  world: World,
  stage: Stage,
  name: string,
  since: number,
  threshold?: number,
): Promise<void> => {
  const alarm = await alarmOf(world, stage, name);
  await until(world, `${alarm.AlarmName} is in alarm`, () => isInAlarm(world, alarm, since, threshold));
};

/** Waits until an alarm would be in state OK. */
export const untilOk = async (world: World, stage: Stage, name: string, since: number): Promise<void> => {
  const alarm = await alarmOf(world, stage, name);
  await until(world, `${alarm.AlarmName} is OK`, async () => !(await isInAlarm(world, alarm, since)));
};
