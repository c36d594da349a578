import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const Statement = z.object({
  Sid: z.string(),
  Effect: z.string(),
  Action: z.union([z.string(), z.array(z.string())]),
  Resource: z.unknown(),
});
const Template = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() }),
  ),
});
const Policy = z.object({ PolicyDocument: z.object({ Statement: z.array(Statement) }) });

export type Statement = z.infer<typeof Statement>;
export type Resource = { readonly id: string; readonly type: string; readonly properties: Record<string, unknown> };

export interface PackagedService {
  /** The path of the CloudFormation template. */
  readonly path: string;
  readonly resources: readonly Resource[];
}

/** Packages a service as `sls deploy` would, without deploying it. `root` is the folder with services/. */
export const packageService = async (service: string, root = process.cwd()): Promise<PackagedService> => {
  const folder = await mkdtemp(join(tmpdir(), `package-${service}-`));
  const serverless = join(process.cwd(), 'node_modules/.bin/serverless');
  const env = { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'eu-central-1' };
  const cwd = join(root, 'services', service);
  await promisify(execFile)(serverless, ['package', '--stage', 'test', '--package', folder], { cwd, env });
  const path = join(folder, 'cloudformation-template-update-stack.json');
  const template = Template.parse(JSON.parse(await readFile(path, 'utf8')));
  const resources = Object.entries(template.Resources).map(([id, { Type, Properties }]) => ({
    id,
    type: Type,
    properties: Properties ?? {},
  }));
  return { path, resources };
};

/** Returns the properties of a resource; none if the resource does not exist. */
export const propertiesOf = (resources: readonly Resource[], id: string): Record<string, unknown> =>
  resources.find((resource) => resource.id === id)?.properties ?? {};

/** Returns every statement of the roles and policies among `resources`. */
export const statementsOf = (resources: readonly Resource[]): Statement[] =>
  resources.flatMap(({ type, properties }) => {
    if (type === 'AWS::IAM::Policy') return Policy.parse(properties).PolicyDocument.Statement;
    if (type !== 'AWS::IAM::Role') return [];
    return z
      .array(Policy)
      .parse(properties.Policies ?? [])
      .flatMap((policy) => policy.PolicyDocument.Statement);
  });
