import {
  archivedCopy,
  contentNumber,
  contentVersion,
  counts,
  currentVersion,
  type FileDocument,
  type FileVersion,
  isErasure,
  isUnfinished,
  latestUsableVersion,
  newVersion,
  nextNumber,
  type Replay,
  versionsOfContent,
} from '@music-etl/contracts';
import { decideMembership, type MembershipDecision } from './membership.ts';
import { runFileOf } from './run-file.ts';

export type ReplayDecision =
  | MembershipDecision
  /** There is nothing to reprocess. */
  | { readonly kind: 'void'; readonly why: string };

const LATER: ReplayDecision = { kind: 'later' };

/** Returns the version that a replay with this cause has added for the content of `of`. */
export const replayBy = (document: FileDocument, of: FileVersion, cause: string): FileVersion | undefined =>
  versionsOfContent(document, of).find(({ replay }) => replay?.cause === cause);

/** Adds a replay of `of` to the document as its newest version, which the run claims. */
const append = (
  document: FileDocument,
  of: FileVersion,
  request: Replay,
  runId: string,
  now: Date,
): MembershipDecision => {
  const version = nextNumber(document);
  const { version_id, etag, sequencer, size, arrived_at } = of;
  const appended: FileVersion = {
    ...newVersion(version, { version_id, etag, sequencer, size, arrived_at }),
    content_version: contentNumber(contentVersion(of), version),
    replay: { ...request, of: of.version, accept: request.accept || counts(of) },
    state: 'running',
    run_id: runId,
    claimed_at: now.toISOString(),
  };
  const next = { ...document, versions: [...document.versions, appended] };
  return { kind: 'claim', document: next, file: runFileOf(next, appended) };
};

/**
 * Returns the version that a replay reprocesses now: the latest usable one. An erasure first reprocesses the current
 * version below content that is on hold or rejected, since its rows still count. Then it reprocesses the content on
 * hold, and ignores its own replays to find it.
 */
const targetOf = (document: FileDocument, of: FileVersion, request: Replay): FileVersion | null => {
  if (!isErasure(request)) return latestUsableVersion(document);
  const byOthers = document.versions.filter(({ replay }) => replay?.cause !== request.cause);
  const target = latestUsableVersion({ versions: byOthers });
  if (target?.state !== 'held' && target?.state !== 'rejected') return target;
  const current = currentVersion(document);
  return current !== null && contentVersion(current) === contentVersion(of) ? current : target;
};

/** Decides on the target. A validated one has to wait until it is archived, because its raw object is being moved. */
const decideOn = (document: FileDocument, target: FileVersion, claim: () => MembershipDecision): ReplayDecision => {
  if (isUnfinished(target)) return LATER;
  if (target.state === 'validated' && archivedCopy(document, target) === null) return LATER;
  if (!counts(target) && target.state !== 'held') {
    return { kind: 'void', why: `version ${target.version} is ${target.state}` };
  }
  return claim();
};

/**
 * Decides whether a new run may reprocess a version. If a replay of the same content came in between, the run
 * reprocesses that one. New content makes the request void. A replay that was added for the same cause is found again,
 * and then decided like any other version.
 * @param lost a run that claimed the replay and was never created.
 */
export const decideReplay = (
  document: FileDocument,
  request: Replay,
  runId: string,
  now: Date,
  lost: string | null = null,
): ReplayDecision => {
  const { versions } = document;
  const of = versions.find(({ version }) => version === request.of);
  const target = of ? targetOf(document, of, request) : null;
  if (of === undefined || target === null) return { kind: 'void', why: `there is no version ${request.of}` };
  const found = replayBy(document, of, request.cause);
  if (found !== undefined) return decideMembership(document, found.version, runId, now, lost);
  if (contentVersion(target) !== contentVersion(of)) {
    // Newer content may still be rejected, and then the request is not void.
    if (isUnfinished(target)) return LATER;
    return { kind: 'void', why: `version ${target.version} has other content` };
  }
  return decideOn(document, target, () => append(document, target, request, runId, now));
};
