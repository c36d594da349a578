import type { Replay } from './documents/index.ts';

/** Builds the `cause` of a replay: what requested it. A version has one replay per cause. */
export const snapshotCause = (referenceVersion: string): string => `snapshot:${referenceVersion}`;
export const requestCause = (requestId: string): string => `request:${requestId}`;
export const erasureCause = (erasureId: string): string => `erasure:${erasureId}`;

/** Returns true if an erasure wrote the bytes of the file anew. */
export const isErasure = ({ cause }: Pick<Replay, 'cause'>): boolean => cause.startsWith(erasureCause(''));
