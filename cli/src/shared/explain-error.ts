import { UserError } from './errors.ts';

const NOBODY = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EHOSTUNREACH', 'TimeoutError'];

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : error.name);

const todoOf = (code: string): string | null => {
  if (NOBODY.includes(code))
    return 'nothing answers at the endpoint: is the local stack up (`npx music-etl up`), is AWS_ENDPOINT_URL right?';
  if (code === 'NoSuchBucket' || code === 'ResourceNotFoundException') {
    return 'the pipeline is not deployed there, or under other names: see --bucket, --table, MUSIC_ETL_BUCKET, MUSIC_ETL_TABLE';
  }
  if (/AccessDenied|Forbidden|ExpiredToken|InvalidAccessKey|CredentialsProvider/.test(code)) {
    return 'the credentials in the environment do not allow this';
  }
  return null;
};

/** An error as a person wants it: what happened, what to do; the stack only where DEBUG is set. */
export const explainError = (error: unknown): { lines: string[]; exitCode: number } => {
  if (error instanceof UserError) {
    return {
      lines: [`error: ${error.message}`, ...(error.todo ? [`       ${error.todo}`] : [])],
      exitCode: error.exitCode,
    };
  }
  if (!(error instanceof Error)) return { lines: [`error: ${String(error)}`], exitCode: 1 };
  const code = codeOf(error);
  const todo = todoOf(code);
  const message = error.message || code;
  return {
    lines: [
      `error: ${message}`,
      ...(todo ? [`       ${todo}`] : []),
      ...(process.env.DEBUG && error.stack ? [error.stack] : []),
    ],
    exitCode: 1,
  };
};
