import { z } from 'zod';

const seconds = z.coerce.number().int().positive();

/** The environment of every function of a stage. Parsed at cold start: a missing variable stops the function. */
export const StageEnvironment = z.object({
  /** The deployment's stage (`dev`, `prod`): a dimension of every metric. */
  ENVIRONMENT: z.string().min(1),
  BUCKET: z.string().min(3),
  JOB_NAME: z.string().min(1),
  QUEUE_URL: z.url(),
  DEAD_LETTER_QUEUE_URL: z.url(),
  NEXT_QUEUE_URL: z.union([z.url(), z.literal('')]),
  LEASE_SECONDS: seconds,
  MAX_FAILURES: z.coerce.number().int().positive(),
  BACKOFF_BASE_SECONDS: seconds,
  BACKOFF_MAX_SECONDS: seconds.max(900),
  MAX_DEFERRAL_SECONDS: seconds,
  SILENCE_SECONDS: seconds,
});
export type StageEnvironment = z.infer<typeof StageEnvironment>;

/**
 * Parses the environment against a schema.
 * @throws Error that names every variable that is missing or wrong, without its value.
 */
export const parseEnvironment = <T>(schema: z.ZodType<T>, environment: NodeJS.ProcessEnv): T => {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')} (${issue.message})`).join(', ');
  throw new Error(`the function's environment is not complete: ${wrong}`);
};
