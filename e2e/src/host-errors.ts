import { types } from 'node:util';

/**
 * Jest runs tests in a realm of their own, where `error instanceof Error` is false for what Node itself throws: the
 * local stack and the CLI, which run inside the tests here, would not know ENOENT from a bug.
 */
Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    const ordinary = Function.prototype[Symbol.hasInstance];
    return ordinary.call(this, value) || (this === Error && types.isNativeError(value));
  },
});
