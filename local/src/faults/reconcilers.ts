import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import type { Clients } from '../clients.ts';

/** EventBridge's shortest schedule is a minute; a test does not wait that long for what a fault delays. */
const EVERY_MS = 5_000;

/**
 * Runs the deployed reconcilers more often than their schedule. A reconciler that has not ended does not run again:
 * otherwise hanging ones would add up and use the whole machine.
 * @returns a function that ends it.
 */
export const runReconcilersOften = ({ lambda }: Pick<Clients, 'lambda'>): (() => void) => {
  let ended = false;
  const inProgress = new Set<string>();

  const run = async (FunctionName: string): Promise<void> => {
    if (inProgress.has(FunctionName)) return;
    inProgress.add(FunctionName);
    try {
      await lambda.send(new InvokeCommand({ FunctionName, Payload: Buffer.from('{}') }));
    } finally {
      inProgress.delete(FunctionName);
    }
  };

  const round = async (): Promise<void> => {
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
    const names = Functions.flatMap(({ FunctionName = '' }) =>
      FunctionName.endsWith('-reconcile') ? FunctionName : [],
    );
    for (const name of names) void run(name).catch(() => {});
  };

  const serve = async (): Promise<void> => {
    while (!ended) {
      await sleep(EVERY_MS, undefined, { ref: false });
      if (!ended) await round().catch(() => {});
    }
  };
  void serve();
  return () => {
    ended = true;
  };
};
