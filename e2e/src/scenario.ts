type Step = (name: string, work: () => Promise<void>) => void;

/**
 * Describes tests that build on each other. Once one has failed, the others fail at once instead of waiting in vain.
 * @example scenario('a file', (step) => { step('arrives', async () => {}); step('is archived', async () => {}); });
 */
export const scenario = (name: string, describeSteps: (step: Step) => void): void =>
  describe(name, () => {
    let failed: string | null = null;
    describeSteps((step, work) =>
      test(step, async () => {
        if (failed !== null) throw new Error(`skipped, because this failed before: ${failed}`);
        failed = step;
        await work();
        failed = null;
      }),
    );
  });
