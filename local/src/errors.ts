/** The local stack cannot do what was asked; the message says why and what to do. */
export class LocalStackError extends Error {
  override readonly name = 'LocalStackError';
}
