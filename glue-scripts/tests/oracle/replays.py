"""The version that a replay reprocesses, as ingest decides when it creates a run (docs/state.md, "Replays")."""

from typing import Literal

from contracts.current_version import (
    archived_copy,
    content_version,
    counts,
    current_version,
    latest_version,
    version_of,
)
from contracts.documents import FileDocument, FileVersion, RawObject, Replay

OPEN_STATES = ("pending", "running", "waiting")


def version_to_reprocess(document: FileDocument, request: Replay) -> FileVersion | Literal["later", "void"]:
    """Returns the version to reprocess now. A void request is dropped; another one waits."""
    of = version_of(document, request["of"])
    wanted = _requested_version(document, of, request) if of else None
    if of is None or wanted is None or _has_replay(document, of, request["cause"]):
        return "void"
    if wanted["state"] in OPEN_STATES:
        return "later"
    if content_version(wanted) != content_version(of):
        return "void"
    # The raw object of a validated version is about to move to the archive.
    if wanted["state"] == "validated" and archived_copy(document, wanted) is None:
        return "later"
    return wanted if counts(wanted) or wanted["state"] == "held" else "void"


def _has_replay(document: FileDocument, of: FileVersion, cause: str) -> bool:
    same = (entry for entry in document["versions"] if content_version(entry) == content_version(of))
    return any(entry["replay"] and entry["replay"]["cause"] == cause for entry in same)


def _requested_version(document: FileDocument, of: FileVersion, request: Replay) -> FileVersion | None:
    """Returns the latest usable version. An erasure also reprocesses a current version below one on hold."""
    if not request["cause"].startswith("erasure:"):
        return _latest_usable(document["versions"], document)
    cause = request["cause"]
    others = [entry for entry in document["versions"] if not entry["replay"] or entry["replay"]["cause"] != cause]
    latest, current = _latest_usable(others, document), current_version(document)
    if latest is None or latest["state"] not in ("held", "rejected") or current is None:
        return latest
    return current if content_version(current) == content_version(of) else latest


def _latest_usable(versions: list[FileVersion], document: FileDocument) -> FileVersion | None:
    usable = [entry for entry in versions if entry["state"] != "rejected"]
    return latest_version({**document, "versions": usable}) or latest_version({**document, "versions": versions})


def append_replay(document: FileDocument, of: FileVersion, request: Replay, new: FileVersion) -> FileDocument:
    """Returns the document with a replay of `of` as its newest version. `new` is an unclaimed version."""
    replay: Replay = {**request, "of": of["version"], "accept": request["accept"] or counts(of)}
    version: FileVersion = {**new, "content_version": content_version(of), "replay": replay}
    return {**document, "versions": [*document["versions"], version]}


def raw_of(document: FileDocument, entry: FileVersion) -> RawObject | None:
    """Returns the archived copy that a replay reads; None if it reads the version under streams/."""
    key = archived_copy(document, entry) if entry["replay"] else None
    return {"key": key, "version_id": None} if key else None
