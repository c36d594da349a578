import {
  contentVersion,
  type FileDocument,
  FileRequested,
  type FileVersion,
  fileId,
  patchesKey,
} from '@music-etl/contracts';
import { UserError } from '../shared/errors.ts';
import { versionInForce } from '../shared/versions.ts';
import { heldCommands } from './held.ts';
import type { QuarantinedFile } from './quarantine.ts';

/** A file of which something is asked, and the version the person saw. */
export interface Target {
  file: FileDocument;
  version: FileVersion;
}

/** A target, or in words why the file cannot be one now. */
export type Choice = { kind: 'target'; target: Target } | { kind: 'not'; why: string };

const not = (why: string): Choice => ({ kind: 'not', why });

const nameOf = (file: FileDocument, version: FileVersion): string => `${file.key} version ${contentVersion(version)}`;

/** How a version is no rest to build on; null where it is at rest. */
const onItsWay = (file: FileDocument, version: FileVersion): string | null => {
  if (version.state === 'waiting') return `${nameOf(file, version)} waits for reference data`;
  if (version.state !== 'pending' && version.state !== 'running') return null;
  const how = version.replay ? 'is being reprocessed' : 'is on its way';
  return `${nameOf(file, version)} ${how}; ask again when it has come to rest`;
};

/** The version of a file that can be reprocessed: the one in force, if that has rows among those asked for. */
export const toReprocess = (file: FileDocument, asked: readonly QuarantinedFile[]): Choice => {
  const version = versionInForce(file);
  if (!version) return not(`${file.key} has no version`);
  const moving = onItsWay(file, version);
  if (moving) return not(moving);
  if (version.state === 'rejected') {
    return not(`${nameOf(file, version)} was rejected: correct the file and put it again under the same name`);
  }
  if (asked.some(({ validation }) => validation === version.version)) {
    return { kind: 'target', target: { file, version } };
  }
  return not(
    version.state === 'held'
      ? `${nameOf(file, version)} is held and comes first: release it, reject it or correct it (${heldCommands(file.key)[0]})`
      : `${nameOf(file, version)} came after it and has no such rows`,
  );
};

const STATES: Partial<Record<FileVersion['state'], string>> = {
  archived: 'is archived, its rows count',
  validated: 'is validated, its rows count',
  rejected: 'is rejected',
};

/** The held version of a file. @throws UserError where the version in force is no held one */
export const heldTarget = (file: FileDocument): Target => {
  const version = versionInForce(file);
  if (version?.state === 'held') return { file, version };
  const how = version
    ? (onItsWay(file, version) ?? `${nameOf(file, version)} ${STATES[version.state] ?? `is ${version.state}`}`)
    : `${file.key} has no version`;
  throw new UserError(`nothing of ${file.key} is held: ${how}`, 'npx music-etl quarantine ls lists what is held', 1);
};

const LONGEST_WHY = 1000;

/** @throws UserError for a word that says nothing, or too much */
export const parseWhy = (text: string): string => {
  const why = text.trim();
  if (why === '') throw new UserError('--why is empty', 'say in a few words why; it is kept with the file');
  if (why.length > LONGEST_WHY) {
    throw new UserError(`--why has ${why.length} characters`, `at most ${LONGEST_WHY} are kept; shorten it`);
  }
  return why;
};

/** Who asks, why, when. */
export interface Asking {
  why: string;
  requestedBy: string;
  now: Date;
}

/** The message to ingest. `patched`: an object of row patches lies at its `patches_key`. */
export const requestOf = (
  action: FileRequested['action'],
  { file, version }: Target,
  id: string,
  { why, requestedBy, now }: Asking,
  patched = false,
): FileRequested =>
  FileRequested.parse({
    type: 'file.requested',
    schema_version: 1,
    action,
    request_id: id,
    key: file.key,
    version: version.version,
    why,
    requested_by: requestedBy,
    requested_at: now.toISOString(),
    patches_key: patched ? patchesKey(fileId(file.key), version.version, id) : null,
  });
