type Step = (name: string, work: () => Promise<void>) => void;

/**
 * Tests that build on each other: once one has failed, the rest says so at once instead of waiting for what cannot come.
 * @example scenario('a file', (step) => { step('arrives', async () => {}); step('goes on', async () => {}); });
 */
export const scenario = (name: string, describeSteps: (step: Step) => void): void =>
  describe(name, () => {
    let failed: string | null = null;
    describeSteps((step, work) =>
      test(step, async () => {
        if (failed !== null) throw new Error(`not tried, since this failed before: ${failed}`);
        failed = step;
        await work();
        failed = null;
      }),
    );
  });
