import {
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { GetPolicyCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Clients } from '../clients.ts';
import type { BusPorts } from './fan-out.ts';
import { allowsEventBridge } from './policy.ts';

const deny = (arn: string, rule: Rule): never => {
  throw new Error(`the policy of ${arn} does not allow rule ${rule.Name}`);
};

const toLambda = async ({ lambda }: Clients, arn: string, input: string, rule: Rule): Promise<void> => {
  const policy = await lambda.send(new GetPolicyCommand({ FunctionName: arn })).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return null;
    throw error;
  });
  if (!allowsEventBridge(policy?.Policy, 'lambda:InvokeFunction', rule.Arn ?? '')) deny(arn, rule);
  await lambda.send(new InvokeCommand({ FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(input) }));
};

const toQueue = async ({ sqs }: Clients, target: Target, input: string, rule: Rule): Promise<void> => {
  const arn = target.Arn ?? '';
  const [, , , , QueueOwnerAWSAccountId, QueueName] = arn.split(':');
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }));
  if (!allowsEventBridge(Attributes?.Policy, 'sqs:SendMessage', rule.Arn ?? '')) deny(arn, rule);
  const { MessageGroupId } = target.SqsParameters ?? {};
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: input, MessageGroupId }));
};

/** Reads rules and targets through EventBridge's API, and delivers through the APIs of the targets. */
export const emulatedBus = (clients: Clients): BusPorts => ({
  listRules: async () => {
    const rules: Rule[] = [];
    let NextToken: string | undefined;
    do {
      const page = await clients.events.send(new ListRulesCommand({ NextToken }));
      rules.push(...(page.Rules ?? []));
      NextToken = page.NextToken;
    } while (NextToken);
    return rules;
  },
  matches: async (EventPattern, event) => {
    const command = new TestEventPatternCommand({ EventPattern, Event: JSON.stringify(event) });
    return (await clients.events.send(command)).Result === true;
  },
  listTargets: async (rule) => (await clients.events.send(new ListTargetsByRuleCommand({ Rule: rule }))).Targets ?? [],
  send: async (target, input, rule) => {
    const arn = target.Arn ?? '';
    if (arn.startsWith('arn:aws:lambda:')) return toLambda(clients, arn, input, rule);
    if (arn.startsWith('arn:aws:sqs:')) return toQueue(clients, target, input, rule);
    throw new Error(`the local stack delivers to Lambda and SQS, not to ${arn}`);
  },
});
