import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { REGION, ROOT_CREDENTIALS } from '../../src/environment.ts';

const BUCKET = 'stack-test-bucket';
export const QUEUE = 'stack-test-queue';
export const JOB = 'stack_test_job';
const ACCOUNT = '000000000000';

/** The deployed script; `--do` selects what it does. */
const SCRIPT = `
import os, sys, time
import boto3
from awsglue.utils import getResolvedOptions
from greeting import greet

args = getResolvedOptions(sys.argv, ["JOB_NAME", "do", "bucket"])
print(greet(args["do"]))
if args["do"] == "sleep":
    time.sleep(60)
if args["do"] == "fail":
    raise ValueError("deliberate")
s3 = boto3.client("s3")
prefix = "denied/" if args["do"] == "trespass" else "allowed/"
s3.put_object(Bucket=args["bucket"], Key=prefix + args["JOB_NAME"], Body=os.environ["AWS_SESSION_TOKEN"][:4].encode())
`;

const GREETING = 'def greet(what):\n    return "hello from " + what\n';

/** Sends each event to the queue. */
const FUNCTION = `
const { SQSClient, SendMessageCommand, GetQueueUrlCommand } = require('@aws-sdk/client-sqs');
exports.handler = async (event) => {
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: '${QUEUE}' }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
};
`;

const allow = (Action: string | string[], Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
const role = (service: string, statements: unknown[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    },
    Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
  },
});
const arnOf = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
const bucketArn = `arn:aws:s3:::${BUCKET}`;

const TEMPLATE = {
  Resources: {
    DeadLetters: { Type: 'AWS::SQS::Queue', Properties: { QueueName: `${QUEUE}-dlq` } },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: QUEUE,
        RedrivePolicy: { deadLetterTargetArn: arnOf('DeadLetters'), maxReceiveCount: 1 },
      },
    },
    JobRole: role('glue.amazonaws.com', [
      allow('s3:GetObject', `${bucketArn}/scripts/*`),
      allow('s3:PutObject', `${bucketArn}/allowed/*`),
      allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], `arn:aws:logs:*:*:/aws-glue/*`),
    ]),
    Job: {
      Type: 'AWS::Glue::Job',
      Properties: {
        Name: JOB,
        Role: arnOf('JobRole'),
        Command: { Name: 'pythonshell', PythonVersion: '3.9', ScriptLocation: `s3://${BUCKET}/scripts/job.py` },
        DefaultArguments: {
          '--bucket': BUCKET,
          '--do': 'nothing',
          '--extra-py-files': `s3://${BUCKET}/scripts/greeting.py`,
        },
        ExecutionProperty: { MaxConcurrentRuns: 2 },
        Timeout: 60,
      },
    },
    FunctionRole: role('lambda.amazonaws.com', [
      allow(['sqs:SendMessage', 'sqs:GetQueueUrl'], arnOf('Queue')),
      allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], '*'),
    ]),
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'stack-test-complete',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Timeout: 20,
        Role: arnOf('FunctionRole'),
        Code: { ZipFile: FUNCTION },
      },
    },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: {
          source: ['aws.glue'],
          'detail-type': ['Glue Job State Change'],
          detail: { jobName: [JOB], state: ['SUCCEEDED', 'FAILED', 'TIMEOUT', 'STOPPED'] },
        },
        Targets: [{ Id: 'function', Arn: arnOf('Function') }],
      },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: arnOf('Function'),
        Principal: 'events.amazonaws.com',
        SourceArn: arnOf('Rule'),
      },
    },
    // May start the job and nothing else.
    StarterRole: role('lambda.amazonaws.com', [allow('glue:StartJobRun', `arn:aws:glue:*:${ACCOUNT}:job/${JOB}`)]),
    // May do nothing with the job.
    StrangerRole: role('lambda.amazonaws.com', [allow('s3:ListAllMyBuckets', '*')]),
  },
  Outputs: { Starter: { Value: arnOf('StarterRole') }, Stranger: { Value: arnOf('StrangerRole') } },
};

/** Deploys a bucket, a queue with a DLQ, a job, and a function that its events trigger. Returns the stack's outputs. */
export const deploy = async (endpoint: string): Promise<Record<string, string>> => {
  const common = { endpoint, region: REGION, credentials: ROOT_CREDENTIALS };
  const s3 = new S3Client({ ...common, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'scripts/job.py', Body: SCRIPT }));
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'scripts/greeting.py', Body: GREETING }));
  const formation = new CloudFormationClient(common);
  const StackName = 'stack-test';
  const Capabilities = ['CAPABILITY_IAM' as const];
  await formation.send(new CreateStackCommand({ StackName, Capabilities, TemplateBody: JSON.stringify(TEMPLATE) }));
  try {
    const wait = { client: formation, minDelay: 1, maxDelay: 1, maxWaitTime: 60 };
    const { reason } = await waitUntilStackCreateComplete(wait, { StackName });
    const outputs: { OutputKey?: string; OutputValue?: string }[] = reason.Stacks[0].Outputs ?? [];
    return Object.fromEntries(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  } catch (error) {
    const { StackEvents = [] } = await formation.send(new DescribeStackEventsCommand({ StackName }));
    const reasons = StackEvents.map((event) => `${event.LogicalResourceId}: ${event.ResourceStatusReason ?? ''}`);
    throw new Error(`the test stack was not created:\n${reasons.join('\n')}`, { cause: error });
  }
};
