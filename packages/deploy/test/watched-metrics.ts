import { z } from 'zod';
import type { Resource } from './package-service.ts';

/** A metric as an alarm or a graph names it. */
export interface WatchedMetric {
  readonly namespace: string;
  readonly name: string;
  /** With the names that the template gives its resources. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Writes a metric as text, to compare metrics. */
export const textOf = ({ namespace, name, dimensions }: WatchedMetric): string =>
  `${namespace} ${name} ${Object.entries(dimensions)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(' ')}`;

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

/** Returns the metric of an alarm; `nameOf` gives the names of resources that its dimensions refer to. */
export const metricOf = (
  alarm: unknown,
  resources: readonly Resource[],
  nameOf: (resource: Resource) => string,
): WatchedMetric => {
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
  properties: z.object({ title: z.string(), metrics: z.array(z.array(z.unknown())) }),
});
const Dashboard = z.object({ widgets: z.array(z.union([Graph, z.object({ type: z.literal('text') })])) });

const toMetric = (entry: readonly unknown[]): WatchedMetric => {
  const [namespace = '', name = '', ...rest] = entry.filter((part) => typeof part === 'string');
  const pairs = rest.flatMap((key, i) => (i % 2 === 0 ? [[key, rest[i + 1] ?? '']] : []));
  return { namespace, name, dimensions: Object.fromEntries(pairs) };
};

const graphsOf = (body: unknown): z.infer<typeof Graph>['properties'][] =>
  Dashboard.parse(JSON.parse(z.string().parse(body))).widgets.flatMap((widget) =>
    'properties' in widget ? [widget.properties] : [],
  );

/** Returns the titles of a dashboard's graphs. */
export const titlesOfGraphs = (body: unknown): string[] => graphsOf(body).map(({ title }) => title);

/** Returns every metric of a dashboard's graphs. */
export const metricsOfGraphs = (body: unknown): WatchedMetric[] =>
  graphsOf(body).flatMap(({ metrics }) => metrics.map(toMetric));
