import { types } from 'node:util';

/**
 * Makes `error instanceof Error` true for Node's own errors. In the realm in which Jest runs tests it is false.
 * The local stack and the CLI run inside these tests, and would treat ENOENT as a bug.
 */
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    const ordinary = Function.prototype[Symbol.hasInstance];
    return ordinary.call(this, value) || (this === Error && types.isNativeError(value));
  },
});
