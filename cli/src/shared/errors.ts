/** An error that a person can fix: what is wrong and what to do. It ends the command with `exitCode`. */
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
