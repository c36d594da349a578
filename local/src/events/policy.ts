import { z } from 'zod';

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => (Array.isArray(value) ? value : [value]));
const Statement = z.object({
  Effect: z.string(),
  Principal: z.union([z.literal('*'), z.object({ Service: texts.optional(), AWS: texts.optional() })]).optional(),
  Action: texts,
  Condition: z.record(z.string(), z.record(z.string(), texts)).optional(),
});
const Policy = z.object({ Statement: z.array(Statement) });

const EVENTBRIDGE = 'events.amazonaws.com';

const asPattern = (glob: string): RegExp => {
  const escaped = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${escaped}$`, 'i');
};

const namesEventBridge = (statement: z.infer<typeof Statement>): boolean => {
  const principal = statement.Principal;
  if (principal === '*') return true;
  return [...(principal?.Service ?? []), ...(principal?.AWS ?? [])].some((who) => who === EVENTBRIDGE || who === '*');
};

/** Checks only aws:SourceArn, the condition that ties a target to one rule. */
const allowsSource = (statement: z.infer<typeof Statement>, ruleArn: string): boolean =>
  Object.values(statement.Condition ?? {}).every((conditions) =>
    Object.entries(conditions).every(
      ([key, values]) =>
        key.toLowerCase() !== 'aws:sourcearn' || values.some((value) => asPattern(value).test(ruleArn)),
    ),
  );

/** Returns true if a target's resource policy allows EventBridge `action` for this rule. AWS checks it too. */
export const allowsEventBridge = (policy: string | undefined, action: string, ruleArn: string): boolean => {
  if (!policy) return false;
  return Policy.parse(JSON.parse(policy)).Statement.some(
    (statement) =>
      statement.Effect === 'Allow' &&
      namesEventBridge(statement) &&
      statement.Action.some((allowed) => asPattern(allowed).test(action)) &&
      allowsSource(statement, ruleArn),
  );
};
