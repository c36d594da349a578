"""What a replay takes over from the versions that it reprocesses (docs/state.md)."""

from collections.abc import Iterator

from contracts import keys
from contracts.current_version import version_of
from contracts.documents import FileDocument, FileVersion
from contracts.replay_cause import is_erasure
from storage.store import Store, read_json


def predecessors(document: FileDocument, entry: FileVersion) -> Iterator[FileVersion]:
    """Yields the version that this one reprocesses, then the one that that version reprocessed, and so on."""
    replay = entry["replay"]
    while replay is not None:
        before = version_of(document, replay["of"])
        if before is None or before["version"] >= entry["version"]:
            return
        yield before
        entry, replay = before, before["replay"]


def snapshots_before(document: FileDocument, entry: FileVersion) -> list[str]:
    """Returns the snapshots that the predecessors were validated with, oldest first."""
    versions = (before["reference_versions"] for before in predecessors(document, entry))
    return next(filter(None, versions), [])


def first_modified(store: Store, document: FileDocument, entry: FileVersion) -> str:
    """Returns when a replay's content was uploaded: as a predecessor's run found it, else its time of arrival."""
    for before in predecessors(document, entry):
        result = read_json(store, keys.result_key(before["run_id"] or "", "ingest"))
        for file in result["files"] if result else []:
            is_before = (file["file_id"], file["version"]) == (document["file_id"], before["version"])
            if is_before and file["last_modified"]:
                return str(file["last_modified"])
    return next((before["arrived_at"] for before in predecessors(document, entry)), entry["arrived_at"])


def patches_of(document: FileDocument, entry: FileVersion) -> list[str]:
    """Returns the keys of the row patches of a version and of its predecessors, oldest first.

    A rejected predecessor's patches are left out. An erasure's replay begins without any.
    """
    found: list[str] = []
    for version in (entry, *predecessors(document, entry)):
        replay = version["replay"]
        if replay is None:
            break
        if replay["patches_key"] and (version is entry or version["state"] != "rejected"):
            found.insert(0, replay["patches_key"])
        if is_erasure(replay):
            break
    return found
