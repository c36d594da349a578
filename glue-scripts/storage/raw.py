"""Downloads the bytes of a file of a run: the version that arrived or, for a replay, its archived copy."""

from pathlib import Path

from contracts.current_version import archived_copy, version_of
from contracts.documents import FileDocument, RawObject, RunFile
from contracts.results import IngestFile
from storage.store import MissingObjectError, ObjectInfo, Store


def download_raw(
    store: Store, document: FileDocument, file: RunFile | IngestFile, path: Path
) -> tuple[RawObject, ObjectInfo]:
    """Downloads the file and returns the object that was read. Raises MissingObjectError.

    The content of a replay may move to the archive while the replay waits. Then its archived copy is read.
    """
    first: RawObject = file["raw"] or {"key": file["key"], "version_id": file["version_id"]}
    for raw in [first, *_in_archive(document, file)]:
        info = store.head(raw["key"], raw["version_id"])
        if info is None:
            continue
        try:
            store.download(raw["key"], path, raw["version_id"])
        except MissingObjectError:
            continue
        return raw, info
    raise MissingObjectError(first["key"], first["version_id"])


def _in_archive(document: FileDocument, file: RunFile | IngestFile) -> list[RawObject]:
    entry = version_of(document, file["version"]) if file["replay"] else None
    key = archived_copy(document, entry) if entry else None
    return [{"key": key, "version_id": None}] if key else []
