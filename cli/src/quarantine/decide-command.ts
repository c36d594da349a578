import type { Command } from 'commander';
import type { Objects } from '../shared/ports.ts';
import { chooseHeld } from './choose-version.ts';
import { type RequestCommandOptions, withRequestOptions } from './options.ts';
import { findFile } from './quarantined-files.ts';
import type { PlannedRequest } from './request.ts';
import { runRequests } from './run-requests.ts';

/** Plans a request for every named file; all files are checked before the first request is sent. */
const planHeld = async (objects: Objects, names: readonly string[]): Promise<PlannedRequest[]> => {
  const planned: PlannedRequest[] = [];
  for (const name of new Set(names)) {
    const file = await findFile(objects, name);
    planned.push({ key: file.key, version: chooseHeld(file) });
  }
  return planned;
};

const addDecision = (quarantine: Command, action: 'release' | 'reject', description: string): Command =>
  withRequestOptions(
    quarantine
      .command(action)
      .description(description)
      .argument('<key...>', 'the key of a file on hold, or its name below streams/'),
  ).action((names: string[], options: RequestCommandOptions) =>
    runRequests(action, options, (objects) => planHeld(objects, names)),
  );

/** Adds `quarantine release`. */
export const addRelease = (quarantine: Command): void => {
  addDecision(quarantine, 'release', 'accept the good rows of files on hold; the others stay in quarantine');
};

/** Adds `quarantine reject`, also under its earlier name. */
export const addReject = (quarantine: Command): void => {
  addDecision(quarantine, 'reject', 'reject files on hold for good: none of their rows count').alias('refuse');
};
