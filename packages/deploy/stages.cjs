/**
 * What templates derive from the stage list in contracts, by stage: `${file(…/stages.cjs):kpi}`. A service's template
 * contains its stage's name and nothing else of the list.
 */
const { require: requireTs } = require('tsx/cjs/api');

const { queueName, stageList } = requireTs('../contracts/src/index.ts', __filename);

const queueUrl = (stage) => ({
  'Fn::Sub': `https://sqs.\${AWS::Region}.\${AWS::URLSuffix}/\${AWS::AccountId}/${queueName(stage)}\${param:suffix}`,
});

const capitalized = (name) => name[0].toUpperCase() + name.slice(1);

module.exports = Object.fromEntries(
  stageList().map(({ name, job, predecessor, next }) => [
    name,
    {
      name,
      job,
      queue: queueName(name),
      // The role of the job is `AWSGlueServiceRole-MusicStreaming<title>`.
      title: capitalized(name),
      // What the job reads first: the result of the stage before it; the first stage reads the run itself.
      input: predecessor === null ? 'run.json' : `${predecessor}/result.json`,
      nextQueue: next === null ? null : queueName(next),
      nextQueueUrl: next === null ? '' : queueUrl(next),
      // The fragment with the permission that completing the stage needs.
      following: next === null ? 'last-stage' : 'next-stage',
    },
  ]),
);
