"""The bytes of a file of a run: the version that arrived, or for a replay wherever its content lies by now."""

from pathlib import Path

from contracts.current_version import archived_copy, version_of
from contracts.documents import FileDocument, RawObject, RunFile
from contracts.results import IngestFile
from storage.store import MissingObjectError, ObjectInfo, Store


def download_raw(
    store: Store, document: FileDocument, file: RunFile | IngestFile, path: Path
) -> tuple[RawObject, ObjectInfo]:
    """Downloads the file and says where from. Raises MissingObjectError.

    While a replay waits for its turn, its content may be moved to the archive: then it is read there.
    """
    first: RawObject = file.get("raw") or {"key": file["key"], "version_id": file["version_id"]}
    for place in [first, *_in_archive(document, file)]:
        info = store.head(place["key"], place["version_id"])
        if info is None:
            continue
        try:
            store.download(place["key"], path, place["version_id"])
        except MissingObjectError:
            continue
        return place, info
    raise MissingObjectError(first["key"], first["version_id"])


def _in_archive(document: FileDocument, file: RunFile | IngestFile) -> list[RawObject]:
    entry = version_of(document, file["version"]) if file.get("replay") else None
    place = archived_copy(document, entry) if entry else None
    return [{"key": place, "version_id": None}] if place else []
