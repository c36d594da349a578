import { rm } from 'node:fs/promises';
import { UserError } from '../shared/errors.ts';
import { STATE_DIR } from '../shared/repository.ts';
import { findKeptStack, startKeptStack } from '../stack/running-stack.ts';
import { once, type StackInDirectory } from '../stack/temporary-stack.ts';

/**
 * Starts a local stack in the repository, in a process of its own, where `put` and `status` find it.
 * @throws UserError where one is up already
 */
export const startDemoStack = async (): Promise<StackInDirectory> => {
  if (await findKeptStack()) {
    throw new UserError(
      'a local stack is up already',
      'stop it with `npx music-etl down`, or use `npm start -- --once`',
      1,
    );
  }
  const removeState = (): Promise<void> => rm(STATE_DIR, { recursive: true, force: true });
  await removeState();
  const stack = await startKeptStack();
  return { ...stack, dir: STATE_DIR, stop: once(() => stack.stop().then(removeState)) };
};
