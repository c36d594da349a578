"""Moves the raw files of a run to the archive: copy, verify, delete, then record it in their documents.

The content that a replay reprocessed is in the archive already, unless it was on hold: then the replay moves it there.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from archive.copies import Copied, CopyError, copy_verified
from archive.run_version import RunVersion
from contracts import keys
from contracts.current_version import archived_copy, content_version, version_of, versions_of_content
from contracts.documents import FileDocument, FileVersion
from contracts.results import ArchiveFile
from storage.store import Store, change_json


@dataclass(frozen=True)
class ArchivedRaw:
    """A raw file in the archive. `moved`: an attempt of this run copied it there, so the original is deleted."""

    copied: Copied
    moved: bool


def newest_versions(versions: Iterable[RunVersion]) -> dict[str, int]:
    """Returns the newest finished version of each key in the run."""
    newest: dict[str, int] = {}
    for found in versions:
        if found.is_finished:
            key = found.document["key"]
            newest[key] = max(found.version["version"], newest.get(key, 0))
    return newest


def raw_target(run_id: str, found: RunVersion, newest: int) -> str:
    """Returns the archive key of a raw file. A version that the same run replaced gets its number as a suffix."""
    number = found.version["version"]
    return keys.archived_raw_key(run_id, found.document["key"]) + ("" if number == newest else f".version-{number}")


def copy_raw(store: Store, run_id: str, newest: dict[str, int], found: RunVersion) -> ArchivedRaw | None:
    """Copies a raw file to the run's archive. Returns None for a version that is not finished."""
    if not found.is_finished:
        return None
    key, version = found.document["key"], found.version
    earlier = archived_copy(found.document, version)
    if earlier is not None:
        info = store.head(earlier)
        if info is None:
            raise CopyError(key, earlier, "it is gone")
        return ArchivedRaw(
            Copied(key, earlier, info.size, info.etag), moved=earlier.startswith(keys.archive_prefix(run_id))
        )
    target = raw_target(run_id, found, newest[key])
    copied = copy_verified(store, key, target, version["version_id"])
    if copied is None or copied.bytes != version["size"]:
        raise CopyError(key, target, f"{version['size']} bytes against {copied.bytes if copied else 'none'}")
    return ArchivedRaw(copied, moved=True)


def repeats_of(document: FileDocument, version: FileVersion) -> set[str]:
    """Returns the S3 versions that repeated the version's content, whichever version of it recorded them."""
    return {repeat for entry in versions_of_content(document, version) for repeat in entry["repeats"]}


def mark_archived(document: FileDocument, number: int, target: str) -> FileDocument:
    """Returns the document with the version archived, and with `target` in every version of the same content."""
    own = version_of(document, number)

    def marked(entry: FileVersion) -> FileVersion:
        if own is None or content_version(entry) != content_version(own):
            return entry
        state = "archived" if entry is own and entry["state"] == "validated" else entry["state"]
        return {**entry, "state": state, "archived_to": entry["archived_to"] or target}

    return {**document, "versions": [marked(entry) for entry in document["versions"]]}


def remove_raw(store: Store, found: RunVersion, raw: ArchivedRaw) -> ArchiveFile:
    """Deletes exactly the archived version and its repeats, then records it in the file's document."""
    key, version, target = found.document["key"], found.version, raw.copied.target
    repeats = repeats_of(found.document, version)
    for version_id in [*([version["version_id"]] if raw.moved else []), *sorted(repeats)]:
        store.delete(key, version_id)

    def mark(current: FileDocument | None) -> FileDocument | None:
        marked = mark_archived(current, version["version"], target) if current else None
        return None if marked == current else marked

    marked: FileDocument | None = change_json(store, keys.file_key(found.document["file_id"]), mark)
    # Repeats that were recorded meanwhile.
    for version_id in (repeats_of(marked, version) if marked else set()) - repeats:
        store.delete(key, version_id)
    return {
        "file_id": found.document["file_id"],
        "key": key,
        "version": version["version"],
        "version_id": version["version_id"],
        "archived_to": target,
        "bytes": raw.copied.bytes,
        "deleted": raw.moved,
    }
