import type { Command } from 'commander';
import { type TargetOptions, withBucketOption, withSuffixOption } from '../shared/target-options.ts';

/** Adds the options that select quarantined rows to show. */
export const withFilterOptions = (command: Command): Command =>
  withBucketOption(
    command
      .option('--reason <reason>', 'only rows quarantined for this reason, for example unknown_track')
      .option('--file <key>', 'only rows of this file: its key, or its name below streams/')
      .option('--date <date>', 'only rows of files that arrived on this day, YYYY-MM-DD (UTC)')
      .option('--json', 'for machines'),
  );

/** The options of every command that sends requests. */
export interface RequestCommandOptions extends TargetOptions {
  why: string;
  suffix: string;
  wait: boolean;
}

/** Adds the options of a command that sends requests. */
export const withRequestOptions = (command: Command): Command =>
  withBucketOption(
    withSuffixOption(
      command
        .requiredOption('--why <text>', 'the reason, in a few words; it is kept with the file')
        .option('--no-wait', 'send the request and do not wait for its outcome'),
    ),
  );
