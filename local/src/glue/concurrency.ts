import {
  type CloudFormationClient,
  GetTemplateCommand,
  paginateDescribeStacks,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { z } from 'zod';

const Template = z.object({
  Parameters: z.record(z.string(), z.object({ Default: z.unknown().optional() })).optional(),
  Resources: z.record(z.string(), z.object({ Properties: z.record(z.string(), z.unknown()).optional() })),
});
const Execution = z.object({ MaxConcurrentRuns: z.unknown() });
const Reference = z.object({ Ref: z.string() });
const Limit = z.coerce.number().int().positive();

type Parameters = Record<string, unknown>;

/** The limit a template gives a job: a number, or a reference to a parameter. */
export const limitInTemplate = (body: string, logicalId: string, parameters: Parameters): number | null => {
  const template = Template.parse(JSON.parse(body));
  const execution = Execution.safeParse(template.Resources[logicalId]?.Properties?.ExecutionProperty);
  if (!execution.success) return null;
  const asked = execution.data.MaxConcurrentRuns;
  const reference = Reference.safeParse(asked);
  const name = reference.success ? reference.data.Ref : null;
  const value = name === null ? asked : (parameters[name] ?? template.Parameters?.[name]?.Default);
  return Limit.safeParse(value).data ?? null;
};

const stacks = async (formation: CloudFormationClient): Promise<Stack[]> => {
  const all: Stack[] = [];
  for await (const page of paginateDescribeStacks({ client: formation }, {})) all.push(...(page.Stacks ?? []));
  return all;
};

const logicalIdIn = async (formation: CloudFormationClient, stack: Stack, jobName: string): Promise<string | null> => {
  const { StackName } = stack;
  for await (const page of paginateListStackResources({ client: formation }, { StackName })) {
    for (const resource of page.StackResourceSummaries ?? []) {
      const isJob = resource.ResourceType === 'AWS::Glue::Job' && resource.PhysicalResourceId === jobName;
      if (isJob) return resource.LogicalResourceId ?? null;
    }
  }
  return null;
};

/**
 * MaxConcurrentRuns of a job, as the stack that deployed it says: the emulator forgets a job's ExecutionProperty.
 * Null where no stack says so.
 */
export const deployedLimit = async (formation: CloudFormationClient, jobName: string): Promise<number | null> => {
  for (const stack of await stacks(formation)) {
    const logicalId = await logicalIdIn(formation, stack, jobName);
    if (logicalId === null) continue;
    const given = (stack.Parameters ?? []).map(({ ParameterKey = '', ParameterValue }) => [
      ParameterKey,
      ParameterValue,
    ]);
    const { TemplateBody = '{}' } = await formation.send(new GetTemplateCommand({ StackName: stack.StackName }));
    return limitInTemplate(TemplateBody, logicalId, Object.fromEntries(given));
  }
  return null;
};
