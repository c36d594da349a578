import { stackStatus } from '@music-etl/local';
import type { Command } from 'commander';
import { STATE_DIR } from './repository.ts';
import { chooseTarget, type Target } from './target.ts';

/** The options that name a target; the environment names it, too. */
export interface TargetOptions {
  bucket?: string;
  table?: string;
  /** The deployment whose queues are meant; without one those of all. */
  suffix?: string;
}

/** Adds --bucket. */
export const withBucketOption = (command: Command): Command =>
  command.option('--bucket <name>', 'the bucket; default: $MUSIC_ETL_BUCKET, else the usual name');

/** Adds --table. */
export const withTableOption = (command: Command): Command =>
  command.option('--table <name>', 'the table; default: $MUSIC_ETL_TABLE, else the usual name');

/** Adds --suffix for commands that talk to one deployment. */
export const withSuffixOption = (command: Command): Command =>
  command.option('--suffix <suffix>', 'what the deployment adds to the names of its queues', '');

/** Chooses the target of a command: its options come before the environment. */
export const targetOf = async (options: TargetOptions): Promise<Target> => {
  const target = chooseTarget(process.env, await stackStatus(STATE_DIR));
  return { ...target, bucket: options.bucket ?? target.bucket, table: options.table ?? target.table };
};
