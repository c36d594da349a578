/** What CloudFormation gives to every function of a stage. */
export const STAGE_ENVIRONMENT: Readonly<Record<string, string>> = {
  ENVIRONMENT: 'test',
  BUCKET: 'bucket',
  JOB_NAME: 'job',
  QUEUE_URL: 'http://sqs/1/q',
  DEAD_LETTER_QUEUE_URL: 'http://sqs/1/q-dlq',
  NEXT_QUEUE_URL: '',
  LEASE_SECONDS: '60',
  MAX_FAILURES: '3',
  BACKOFF_BASE_SECONDS: '10',
  BACKOFF_MAX_SECONDS: '900',
  MAX_DEFERRAL_SECONDS: '3600',
  SILENCE_SECONDS: '120',
};
