import type { Command } from 'commander';
import { withTarget } from '../shared/reach.ts';
import type { TargetOptions } from '../shared/target-options.ts';
import { type FilterOptions, parseFilter } from './filter.ts';
import { withFilterOptions } from './options.ts';
import { listQuarantine } from './quarantined-files.ts';
import type { QuarantinedVersion } from './quarantined-version.ts';
import { listLines, totalRows, totalsByReason } from './render-list.ts';

interface Options extends TargetOptions, FilterOptions {
  json?: boolean;
}

const listJson = (versions: readonly QuarantinedVersion[]): string =>
  JSON.stringify({ rows: totalRows(versions), by_reason: totalsByReason(versions), files: versions }, null, 2);

/** Adds `quarantine ls`. */
export const addList = (quarantine: Command): void => {
  withFilterOptions(quarantine.command('ls').description('how many there are, by reason and by file')).action(
    async (options: Options) => {
      const filter = parseFilter(options);
      const versions = await withTarget(options, ({ objects }) => listQuarantine(objects, filter));
      console.log(options.json ? listJson(versions) : listLines(versions).join('\n'));
    },
  );
};
