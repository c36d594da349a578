import {
  contentVersion,
  type FileDocument,
  type FileVersion,
  isUnfinished,
  latestUsableVersion,
} from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';
import { holdCommands } from '../shared/hold-commands.ts';
import { type QuarantinedVersion, versionNumber } from './quarantined-version.ts';

/** The version that a request is about, or why there is none now. */
export type Choice = { kind: 'chosen'; version: FileVersion } | { kind: 'impossible'; why: string };

const impossible = (why: string): Choice => ({ kind: 'impossible', why });

const nameOf = (file: FileDocument, version: FileVersion): string => `${file.key} version ${contentVersion(version)}`;

/** Says why a version has to be waited for; null if it is in a terminal state. */
const unfinished = (file: FileDocument, version: FileVersion): string | null => {
  if (version.state === 'waiting') return `${nameOf(file, version)} waits for reference data`;
  if (!isUnfinished(version)) return null;
  const how = version.replay ? 'is being reprocessed' : 'is being processed';
  return `${nameOf(file, version)} ${how}; try again when it has finished`;
};

/** Chooses the version of a file to reprocess: the latest usable one, if it has matching quarantined rows. */
export const chooseReplay = (file: FileDocument, quarantined: readonly QuarantinedVersion[]): Choice => {
  const version = latestUsableVersion(file);
  if (!version) return impossible(`${file.key} has no version`);
  const open = unfinished(file, version);
  if (open) return impossible(open);
  if (version.state === 'rejected') {
    return impossible(`${nameOf(file, version)} was rejected: correct the file and put it again under the same name`);
  }
  if (quarantined.some((each) => versionNumber(each) === version.version)) return { kind: 'chosen', version };
  return impossible(
    version.state === 'held'
      ? `${nameOf(file, version)} is on hold: release, reject or correct it first (${holdCommands(file.key)[0]})`
      : `${nameOf(file, version)} is newer and has no such rows`,
  );
};

const STATE_WORDS: Partial<Record<FileVersion['state'], string>> = {
  archived: 'is archived, its rows count',
  validated: 'is validated, its rows count',
  rejected: 'is rejected',
};

/**
 * Returns the version of a file that is on hold.
 * @throws UserError if the latest usable version is not on hold
 */
export const chooseHeld = (file: FileDocument): FileVersion => {
  const version = latestUsableVersion(file);
  if (version?.state === 'held') return version;
  const why = version
    ? (unfinished(file, version) ?? `${nameOf(file, version)} ${STATE_WORDS[version.state] ?? `is ${version.state}`}`)
    : 'it has no version';
  throw new UserError(`${file.key} is not on hold: ${why}`, 'npx music-etl quarantine ls lists files on hold', 1);
};
