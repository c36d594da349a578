"""The raw files of a run on their way to the archive: copied and verified, then deleted, then told in their documents.

What a replay reprocessed rests in the archive already, unless it was held: then the replay brings it there.
"""

from dataclasses import dataclass

from archive.copies import Copied, CopyError, copy_verified
from contracts import keys
from contracts.documents import FileDocument, FileVersion, version_of
from contracts.results import ArchiveFile
from storage.store import Store, change_json
from validation.predecessors import content_of, resting_place

#: States in which a version's raw file has done its work. Held and rejected ones stay under streams/ to be corrected.
DONE = ("validated", "archived", "superseded")


@dataclass(frozen=True)
class OfRun:
    """A version of a file that the run took."""

    document: FileDocument
    version: FileVersion

    @property
    def is_done(self) -> bool:
        return self.version["state"] in DONE


@dataclass(frozen=True)
class Raw:
    """A raw file in the archive; `moved`: this run, perhaps an earlier attempt, brought it there: the original goes."""

    copied: Copied
    moved: bool


def raw_target(prefix: str, of_run: OfRun, newest: int) -> str:
    """Where a raw file goes. A version that the same run replaced stands beside the newer one, under its number."""
    number = of_run.version["version"]
    return f"{prefix}raw/{of_run.document['key']}" + ("" if number == newest else f".version-{number}")


def newest_of_run(files: list[OfRun]) -> dict[str, int]:
    """Key → the newest of its versions that the run is done with."""
    newest: dict[str, int] = {}
    for of_run in (found for found in files if found.is_done):
        key, number = of_run.document["key"], of_run.version["version"]
        newest[key] = max(number, newest.get(key, 0))
    return newest


def copy_raw(store: Store, prefix: str, newest: dict[str, int], of_run: OfRun) -> Raw | None:
    """The raw file in the archive; None for a file that is not done."""
    if not of_run.is_done:
        return None
    key, version = of_run.document["key"], of_run.version
    place = resting_place(of_run.document, version)
    if place is not None:
        found = store.head(place)
        if found is None:
            raise CopyError(key, place, "it is gone")
        return Raw(Copied(key, place, found.size, found.etag), moved=place.startswith(prefix))
    target = raw_target(prefix, of_run, newest[key])
    copied = copy_verified(store, key, target, version["version_id"])
    if copied is None or copied.bytes != version["size"]:
        raise CopyError(key, target, f"{version['size']} bytes against {copied.bytes if copied else 'none'}")
    return Raw(copied, moved=True)


def repeats_of(document: FileDocument, version: FileVersion) -> set[str]:
    """S3 versions that repeated the version's content, whichever validation of it they were noted at."""
    same = (entry for entry in document["versions"] if content_of(entry) == content_of(version))
    return {repeat for entry in same for repeat in entry["repeats"]}


def as_archived(document: FileDocument, number: int, place: str) -> FileDocument:
    """The version is archived, and every other validation of its content says where that lies now."""
    own = version_of(document, number)

    def told(entry: FileVersion) -> FileVersion:
        if own is None or content_of(entry) != content_of(own):
            return entry
        state = "archived" if entry is own and entry["state"] == "validated" else entry["state"]
        return {**entry, "state": state, "archived_to": entry["archived_to"] or place}

    return {**document, "versions": [told(entry) for entry in document["versions"]]}


def remove_raw(store: Store, of_run: OfRun, raw: Raw) -> ArchiveFile:
    """Deletes exactly the archived version and its repeats, then says so in the file's document."""
    key, version, place = of_run.document["key"], of_run.version, raw.copied.target
    repeats = repeats_of(of_run.document, version)
    for version_id in [*([version["version_id"]] if raw.moved else []), *sorted(repeats)]:
        store.delete(key, version_id)

    def mark(current: FileDocument | None) -> FileDocument | None:
        marked = as_archived(current, version["version"], place) if current else None
        return None if marked == current else marked

    marked: FileDocument | None = change_json(store, keys.file_key(of_run.document["file_id"]), mark)
    for version_id in (repeats_of(marked, version) if marked else set()) - repeats:
        store.delete(key, version_id)
    return {
        "file_id": of_run.document["file_id"],
        "key": key,
        "version": version["version"],
        "version_id": version["version_id"],
        "archived_to": place,
        "bytes": raw.copied.bytes,
        "deleted": raw.moved,
    }
