import { z } from 'zod';

/** `YYYY-MM-DD`, UTC. */
export const EventDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
/** ISO 8601 with milliseconds and `Z`. */
export const Instant = z.iso.datetime({ precision: 3 });
export const RunId = z.string().regex(/^\d{8}T\d{9}-[0-9a-f]{8}$/);
export const FileId = z.string().regex(/^[0-9a-f]{32}$/);
/** A number of things. */
export const Count = z.int().nonnegative();
/** Counts 1, 2, … */
export const Ordinal = z.int().positive();
