import { z } from 'zod';
import { Count } from '../primitives.ts';

/** `processed/generation.json`: the one counter of generations. */
export const GenerationDocument = z.object({ schema_version: z.literal(1), generation: Count });
