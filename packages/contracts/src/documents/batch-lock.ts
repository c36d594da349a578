import { z } from 'zod';
import { Instant } from '../primitives.ts';

/** `processed/batch-lock.json`: who is creating a run, and until when others wait for it. */
export const BatchLockDocument = z.object({ schema_version: z.literal(1), holder: z.string(), until: Instant });
export type BatchLockDocument = z.infer<typeof BatchLockDocument>;
