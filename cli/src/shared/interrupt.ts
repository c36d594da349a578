let interrupted = false;

/** Returns true once the person has interrupted the command: what fails from then on is no error. */
export const isInterrupted = (): boolean => interrupted;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls `cleanUp` when the person interrupts, then ends the process. Returns a function that takes this back. */
export const onInterrupt = (cleanUp: () => Promise<void>): (() => void) => {
  const handle = (): void => {
    if (interrupted) return;
    interrupted = true;
    process.stderr.write('\nstopping …\n');
    cleanUp().then(
      () => process.exit(130),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  return () => {
    for (const signal of SIGNALS) process.off(signal, handle);
  };
};
