import { UserError } from './errors.ts';
import { fold } from './format.ts';

const UNREACHABLE = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EHOSTUNREACH', 'TimeoutError'];
const MISSING = ['NoSuchBucket', 'ResourceNotFoundException'];
const DENIED = /AccessDenied|Forbidden|ExpiredToken|InvalidAccessKey|CredentialsProvider/;
const INDENT = 'error: '.length;

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : error.name);

const todoOf = (code: string): string | null => {
  if (UNREACHABLE.includes(code)) {
    return 'nothing answers at the endpoint: is the local stack up (`npx music-etl up`), is AWS_ENDPOINT_URL right?';
  }
  if (MISSING.includes(code)) {
    return 'the pipeline is not deployed there, or under other names: see --bucket and --table';
  }
  return DENIED.test(code) ? 'the credentials in the environment do not allow this' : null;
};

const lines = (message: string, todo: string | null): string[] => [
  `error: ${message}`,
  ...(todo === null ? [] : fold(todo, INDENT)),
];

/** Explains an error: what happened and what to do. The stack trace is shown only where DEBUG is set. */
export const explainError = (error: unknown): { lines: string[]; exitCode: number } => {
  if (error instanceof UserError) return { lines: lines(error.message, error.todo), exitCode: error.exitCode };
  if (!(error instanceof Error)) return { lines: lines(String(error), null), exitCode: 1 };
  const code = codeOf(error);
  const trace = process.env.DEBUG && error.stack ? [error.stack] : [];
  return { lines: [...lines(error.message || code, todoOf(code)), ...trace], exitCode: 1 };
};
