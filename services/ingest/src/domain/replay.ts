import {
  archivedCopy,
  contentVersion,
  counts,
  currentVersion,
  type FileDocument,
  type FileVersion,
  latestUsableVersion,
  type Replay,
  versionsOfContent,
} from '@music-etl/contracts';
import { decideMembership, isUnclaimed, type MembershipDecision } from './membership.ts';
import { contentNumber, newVersion } from './new-version.ts';
import { runFileOf } from './run-file.ts';

export type ReplayDecision =
  | MembershipDecision
  /** There is nothing to reprocess. */
  | { readonly kind: 'void'; readonly why: string };

const LATER: ReplayDecision = { kind: 'later' };

/** The version a request for a replay has made, whichever validation of the content it was asked of. */
export const replayBy = (document: FileDocument, of: FileVersion, cause: string): FileVersion | undefined =>
  versionsOfContent(document, of).find(({ replay }) => replay?.cause === cause);

/** The document with a replay of `of`, running in the run, as its newest version. */
const append = (
  document: FileDocument,
  of: FileVersion,
  asked: Replay,
  runId: string,
  now: Date,
): MembershipDecision => {
  const version = Math.max(...document.versions.map((each) => each.version)) + 1;
  const { version_id, etag, sequencer, size, arrived_at } = of;
  const appended: FileVersion = {
    ...newVersion(version, { version_id, etag, sequencer, size, arrived_at }),
    content_version: contentNumber(contentVersion(of), version),
    replay: { ...asked, of: of.version, accept: asked.accept || counts(of) },
    state: 'running',
    run_id: runId,
    claimed_at: now.toISOString(),
  };
  const next = { ...document, versions: [...document.versions, appended] };
  return { kind: 'claim', document: next, file: runFileOf(next, appended) };
};

const isErasure = ({ cause }: Replay): boolean => cause.startsWith('erasure:');

/**
 * The version that a request is asked of now: the file's newest word. An erasure is asked of what stands even where
 * newer content was held or rejected above it, since its rows count until they are reprocessed without the user's; and
 * then of what was held, which its own validation does not sendToDlq.
 */
const wordFor = (document: FileDocument, of: FileVersion, asked: Replay): FileVersion | null => {
  if (!isErasure(asked)) return latestUsableVersion(document);
  const byOthers = document.versions.filter(({ replay }) => replay?.cause !== asked.cause);
  const word = latestUsableVersion({ versions: byOthers });
  if (word?.state !== 'held' && word?.state !== 'rejected') return word;
  const current = currentVersion(document);
  return current !== null && contentVersion(current) === contentVersion(of) ? current : word;
};

/** Validated, and its bytes can be had: a validated version's raw object is about to move to the archive. */
const decideOn = (document: FileDocument, word: FileVersion, take: () => MembershipDecision): ReplayDecision => {
  if (isUnclaimed(word) || word.state === 'running') return LATER;
  if (word.state === 'validated' && archivedCopy(document, word) === null) return LATER;
  if (!counts(word) && word.state !== 'held') {
    return { kind: 'void', why: `version ${word.version} is ${word.state}` };
  }
  return take();
};

/**
 * Whether a forming run may validate a version again. It takes the newest validation of the same content: what was asked of
 * an older one, while a replay of it was under way, is asked of that replay. New content makes the request void. A
 * replay that was appended for the same cause is found again, and then it is a member like any other.
 * @param lost a run that took the replay and, as was found out, never came to be.
 */
export const decideReplay = (
  document: FileDocument,
  asked: Replay,
  runId: string,
  now: Date,
  lost: string | null = null,
): ReplayDecision => {
  const { versions } = document;
  const of = versions.find(({ version }) => version === asked.of);
  const word = of ? wordFor(document, of, asked) : null;
  if (of === undefined || word === null) return { kind: 'void', why: `there is no version ${asked.of}` };
  const found = replayBy(document, of, asked.cause);
  if (found !== undefined) return decideMembership(document, found.version, runId, now, lost);
  if (contentVersion(word) !== contentVersion(of)) {
    // Newer content that is rejected in the end voids nothing.
    if (isUnclaimed(word) || word.state === 'running') return LATER;
    return { kind: 'void', why: `version ${word.version} brought other content` };
  }
  return decideOn(document, word, () => append(document, word, asked, runId, now));
};
