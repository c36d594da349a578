/** The floor cannot do what was asked; the message says why and what to do. */
export class FloorError extends Error {
  override readonly name = 'FloorError';
}
