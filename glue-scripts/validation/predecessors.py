"""What a replay takes over from the versions it reprocesses (docs/state.md, "Reprocessing").

Documents, run.json and results of before there were replays lack their fields: they are read with `get`.
"""

from collections.abc import Iterator

from contracts import keys
from contracts.current_version import version_of
from contracts.documents import FileDocument, FileVersion, Replay
from storage.store import Store, read_json

#: `cause` of an erasure's replay: the file's bytes were written anew before it, so row numbers of before mean nothing.
ERASURE = "erasure:"


def replay_of(entry: FileVersion) -> Replay | None:
    """Why the version is reprocessed, None for what arrived."""
    return entry.get("replay")


def predecessors(document: FileDocument, entry: FileVersion) -> Iterator[FileVersion]:
    """The version that this one reprocesses, the one which that reprocessed, and so on; none for what arrived."""
    replay = replay_of(entry)
    while replay is not None:
        before = version_of(document, replay["of"])
        if before is None or before["version"] >= entry["version"]:
            return
        yield before
        entry, replay = before, replay_of(before)


def snapshots_before(store: Store, document: FileDocument, entry: FileVersion) -> list[str]:
    """The snapshots that the predecessors were validated with, oldest first."""
    for before in predecessors(document, entry):
        if before.get("reference_versions"):
            return before["reference_versions"]
        result = read_json(store, keys.result_key(before["run_id"] or "", "validate"))
        if result is not None:
            return [result["reference_version"]]
    return []


def first_modified(store: Store, document: FileDocument, entry: FileVersion) -> str:
    """When the content of a replay was uploaded, as the run of a predecessor tells; else when its arrival was noted."""
    for before in predecessors(document, entry):
        result = read_json(store, keys.result_key(before["run_id"] or "", "ingest"))
        for file in result["files"] if result else []:
            is_before = (file["file_id"], file["version"]) == (document["file_id"], before["version"])
            if is_before and file["last_modified"]:
                return str(file["last_modified"])
    return next((before["arrived_at"] for before in predecessors(document, entry)), entry["arrived_at"])


def patches_of(document: FileDocument, entry: FileVersion) -> list[str]:
    """The objects of row patches that hold for the version, oldest first: its own and its predecessors'.

    A replay that was rejected is none to take over from, and an erasure's replay begins anew.
    """
    found: list[str] = []
    for validated in (entry, *predecessors(document, entry)):
        replay = replay_of(validated)
        if replay is None:
            break
        if replay["patches_key"] and (validated is entry or validated["state"] != "rejected"):
            found.insert(0, replay["patches_key"])
        if replay["cause"].startswith(ERASURE):
            break
    return found
