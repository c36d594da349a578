/** The local stack cannot do what it was called for. The message says why, and what to do. */
export class LocalStackError extends Error {
  override readonly name = 'LocalStackError';
}
