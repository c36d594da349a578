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

const objectOfRuns = (name) => `arn:aws:s3:::\${param:bucket}/processed/runs/*/${name}`;

module.exports = Object.fromEntries(
  stageList().map(({ name, job, predecessor, next }, at, all) => [
    name,
    {
      name,
      job,
      queue: queueName(name),
      // The role of the job is `AWSGlueServiceRole-MusicStreaming<title>`.
      title: capitalized(name),
      // What the job reads first: the result of the stage before it; the first stage reads the run itself.
      input: predecessor === null ? 'run.json' : `${predecessor}/result.json`,
      // What a stage reads that sums a run up: the run, and the results before its input.
      earlier: ['run.json', ...all.slice(0, Math.max(0, at - 1)).map((stage) => `${stage.name}/result.json`)].map(
        objectOfRuns,
      ),
      nextQueue: next === null ? null : queueName(next),
      nextQueueUrl: next === null ? '' : queueUrl(next),
      // The fragment with the permission that completing the stage needs.
      following: next === null ? 'last-stage' : 'next-stage',
    },
  ]),
);
