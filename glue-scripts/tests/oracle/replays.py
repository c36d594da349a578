"""Which version a replay's marker stands for, as ingest's service decides when it forms a run (docs/state.md)."""

from typing import Literal

from contracts.current_version import CURRENT_STATES, archived_copy, content_version
from contracts.documents import FileDocument, FileVersion, RawObject, Replay
from validation.predecessors import replay_of


def newest_word(document: FileDocument) -> FileVersion:
    """What arrived or was validated last; a rejected replay said nothing."""
    said = [entry for entry in document["versions"] if replay_of(entry) is None or entry["state"] != "rejected"]
    return said[-1]


def decide(document: FileDocument, asked: Replay) -> FileVersion | Literal["later", "over"]:
    """The version to reprocess now."""
    of = document["versions"][asked["of"] - 1]
    same = [entry for entry in document["versions"] if content_version(entry) == content_version(of)]
    word = newest_word(document)
    causes = [replay["cause"] for entry in same if (replay := replay_of(entry))]
    if asked["cause"] in causes:
        return "over"
    if content_version(word) != content_version(of):
        return "over"
    if word["state"] in ("pending", "running", "waiting"):
        return "later"
    if word["state"] == "validated" and archived_copy(document, word) is None:
        return "later"
    return word if word["state"] in CURRENT_STATES or word["state"] == "held" else "over"


def appended(document: FileDocument, of: FileVersion, asked: Replay, new: FileVersion) -> FileDocument:
    """The document with the replay as its newest version; `new` is a version as ingest enters it."""
    replay: Replay = {**asked, "of": of["version"], "accept": asked["accept"] or of["state"] in CURRENT_STATES}
    version: FileVersion = {
        **new,
        "content_version": content_version(of),
        "replay": replay,
        "arrived_at": of["arrived_at"],
    }
    return {**document, "versions": [*document["versions"], version]}


def raw_of(document: FileDocument, entry: FileVersion) -> RawObject | None:
    """Where the bytes of a version lie, None where it arrived or was held."""
    place = archived_copy(document, entry) if replay_of(entry) else None
    return {"key": place, "version_id": None} if place else None
