import { GetRolePolicyCommand, paginateListRolePolicies, paginateListRoles } from '@aws-sdk/client-iam';
import { z } from 'zod';
import type { RoleStatement } from './coverage.ts';
import type { World } from './world.ts';

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const Document = z.object({
  Version: z.string(),
  Statement: z.array(z.looseObject({ Sid: z.string(), Effect: z.literal('Allow'), Action: texts, Resource: texts })),
});
export type PolicyDocument = z.infer<typeof Document>;

const PIPELINE_ROLE = /^(MusicStreaming-|AWSGlueServiceRole-MusicStreaming)/;

export const policyOf = async ({ iam }: World, RoleName: string, PolicyName: string): Promise<PolicyDocument> => {
  const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
  return Document.parse(JSON.parse(decodeURIComponent(PolicyDocument)));
};

const pipelineRoles = async ({ iam: client }: World): Promise<string[]> => {
  const names: string[] = [];
  for await (const { Roles = [] } of paginateListRoles({ client }, {})) {
    names.push(...Roles.map(({ RoleName = '' }) => RoleName).filter((name) => PIPELINE_ROLE.test(name)));
  }
  return names.sort();
};

/** Returns every statement of every role that the five services have deployed. */
export const deployedStatements = async (world: World): Promise<RoleStatement[]> => {
  const statements: RoleStatement[] = [];
  for (const role of await pipelineRoles(world)) {
    for await (const { PolicyNames = [] } of paginateListRolePolicies({ client: world.iam }, { RoleName: role })) {
      for (const policy of PolicyNames) {
        const { Statement } = await policyOf(world, role, policy);
        for (const { Sid: sid, Action: actions, Resource: resources } of Statement) {
          statements.push({ role, policy, sid, actions, resources });
        }
      }
    }
  }
  return statements;
};
