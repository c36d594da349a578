import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import type { Clients } from '../clients.ts';

/** EventBridge schedules by the minute at the fastest; what a fault delays should not take minutes to find. */
const EVERY_MS = 5_000;

/**
 * Runs the deployed reconcilers as their schedule does, only more often. Each is waited for before it runs again:
 * where they hang, one more every few seconds would take the whole machine.
 * @returns a function that ends it.
 */
export const hastenReconcilers = ({ lambda }: Pick<Clients, 'lambda'>): (() => void) => {
  let ended = false;
  const underWay = new Set<string>();

  const run = async (FunctionName: string): Promise<void> => {
    if (underWay.has(FunctionName)) return;
    underWay.add(FunctionName);
    try {
      await lambda.send(new InvokeCommand({ FunctionName, Payload: Buffer.from('{}') }));
    } finally {
      underWay.delete(FunctionName);
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
