import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import { functionNames } from './settings.ts';
import type { World } from './world.ts';

/** One number of a log line in the embedded metric format. */
export interface Measured {
  readonly name: string;
  readonly value: number;
  readonly dimensions: Readonly<Record<string, string>>;
  /** The whole line, with its properties. */
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

export const functionLogGroups = (): string[] => functionNames().map((name) => `/aws/lambda/${name}`);

/** Returns the lines of a log group since a moment; none if its function has not run yet. */
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

/** Parses the JSON in a log line, or returns null. */
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

/** Returns what the functions have measured since a moment. */
export const measuredSince = async (world: World, since: number): Promise<Measured[]> => {
  const groups = await Promise.all(functionLogGroups().map((group) => linesOf(world, group, since)));
  return groups.flat().flatMap((line) => measuredIn(line, since));
};
