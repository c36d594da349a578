/** Something the person can put right: what is wrong, and what to do about it. Ends a command with `exitCode`. */
export class UserError extends Error {
  override readonly name = 'UserError';
  constructor(
    message: string,
    readonly todo: string | null = null,
    readonly exitCode = 2,
  ) {
    super(message);
  }
}
