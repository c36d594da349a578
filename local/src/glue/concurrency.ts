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

/** Returns the limit that a template gives a job as a number or as a reference to a parameter. */
export const limitInTemplate = (body: string, logicalId: string, parameters: Parameters): number | null => {
  const template = Template.parse(JSON.parse(body));
  const execution = Execution.safeParse(template.Resources[logicalId]?.Properties?.ExecutionProperty);
  if (!execution.success) return null;
  const given = execution.data.MaxConcurrentRuns;
  const reference = Reference.safeParse(given);
  const name = reference.success ? reference.data.Ref : null;
  const value = name === null ? given : (parameters[name] ?? template.Parameters?.[name]?.Default);
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
 * Returns a job's MaxConcurrentRuns from the template of the stack that deployed it, or null. The emulator does not
 * keep a job's ExecutionProperty.
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
