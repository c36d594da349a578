"""Searches every version of every object that may name the user.

The search reads all raw files of all time and everything that was made of them. An archive of 1 TB takes some hours
and, at $0.44 a DPU-hour, some dollars. Reading less would miss malformed lines and earlier versions.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import duckdb

from contracts import keys
from contracts.documents import FileDocument
from erasure.content import Content, ContentIndex, content_with
from erasure.locations import PREFIXES, kind_of
from erasure.person import Person
from erasure.raw_file import RawFile, open_raw
from erasure.row_patches import active_patches, patched_to
from erasure.strip import Stripped, UserOf, strip
from erasure.user_rows import rows_of, user_reader
from formats.rejection import RejectedFileError
from storage.store import MissingObjectError, ObjectVersion, Store, in_parallel, read_json

#: Objects at once: enough to hide the store's latency. Their bytes are on the local disk.
AT_ONCE = 4


class UndecidableError(Exception):
    """The search cannot decide whether a file names the user."""

    def __init__(self, key: str, detail: str) -> None:
        super().__init__(f"Whether {key} names the user cannot be decided: {detail}; then start the erasure again.")


@dataclass(frozen=True)
class RawHit:
    """A raw object that names the user. `rows` are the user's rows, None if the object cannot be read."""

    version: ObjectVersion
    content: Content | None
    rows: list[int] | None

    @property
    def count(self) -> int:
        return 1 if self.rows is None else len(self.rows)


class Search:
    """Searches for one user. `database` keeps the order of rows; `temp` is a folder for this search."""

    def __init__(self, store: Store, database: duckdb.DuckDBPyConnection, temp: Path, person: Person) -> None:
        self.store = store
        self.person = person
        self._database = database
        self._temp = temp
        infos = list(store.list(keys.FILES_PREFIX))
        documents: list[FileDocument | None] = in_parallel(lambda info: read_json(store, info.key), infos)
        self.contents = ContentIndex(document for document in documents if document)

    def _versions(self, derived: bool) -> list[ObjectVersion]:
        """Returns the versions of raw files, or of what was made of them. Delete markers have no bytes."""
        return [
            version
            for prefix in PREFIXES
            for version in self.store.versions(prefix)
            if not version.is_marker and (kind := kind_of(version.key)) and (kind != "raw") == derived
        ]

    def raw_hits(self) -> list[RawHit]:
        """Returns all raw objects that name the user."""
        found = in_parallel(self._raw_hit, self._versions(derived=False), AT_ONCE)
        return [hit for hit in found if hit]

    def _raw_hit(self, version: ObjectVersion) -> RawHit | None:
        content = self.contents.find(version.key, version.version_id)
        with self.opened(version) as (path, folder):
            if path is None:
                return None
            raw = open_raw(path, folder)
            patched = patched_to(active_patches(self.store, content), self.person) if content else set()
            try:
                with self._database.cursor() as cursor:
                    rows = rows_of(cursor, raw, self.person, patched)
                return RawHit(version, content, rows) if rows else None
            except RejectedFileError as error:
                if error.reason["code"] == "too_large":
                    raise UndecidableError(version.key, error.reason["detail"]) from error
                return RawHit(version, content, None) if self._names(raw) else None

    def _names(self, raw: RawFile) -> bool:
        """Returns whether a field of a line is the user's id, in a file that is no listing of rows."""
        if not self.person.may_be_in(raw.chunks(), escapes=False):
            return False
        with raw.plain.open("rb") as file:
            return any(
                self.person.is_named_in(line.decode("utf-8", "replace"))
                for line in iter(lambda: file.readline(1 << 20), b"")
            )

    def each_derived(self, use: Callable[[ObjectVersion, Stripped], None]) -> None:
        """Calls `use` with every object of the jobs that has rows of the user, and the object without them."""

        def look(version: ObjectVersion) -> None:
            kind = kind_of(version.key)
            with self.opened(version) as (path, _), self._database.cursor() as cursor:
                if path is None or kind is None:
                    return
                stripped = strip(cursor, kind, path, self.person, lambda: self._user_reader(version.key))
                if stripped.rows:
                    use(version, stripped)

        in_parallel(look, self._versions(derived=True), AT_ONCE)

    def _user_reader(self, key: str) -> UserOf:
        """Returns how to read the user of a quarantined row, by the header of its raw file."""
        named = keys.version_object(key)
        document = self.contents.documents.get(named.file_id) if named else None
        content = content_with(document, named.version) if document and named else None
        for raw_object in _raw_objects(content):
            with self.opened(raw_object) as (path, folder):
                if path is not None:
                    try:
                        return user_reader(open_raw(path, folder))
                    except RejectedFileError:
                        return _unknown_user
        return _unknown_user

    @contextmanager
    def opened(self, version: ObjectVersion) -> Iterator[tuple[Path | None, Path]]:
        """Yields a local copy, None if the object is gone meanwhile, and an empty folder beside it."""
        folder = self._temp / uuid4().hex
        (folder / "work").mkdir(parents=True)
        path: Path | None = folder / "stored"
        try:
            self.store.download(version.key, folder / "stored", version.version_id or None)
        except MissingObjectError:
            path = None
        try:
            yield path, folder / "work"
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _unknown_user(_: str) -> None:
    """Returns None: without the file's header, the row is the user's if one of its fields is the id."""


def _raw_objects(content: Content | None) -> list[ObjectVersion]:
    if content is None:
        return []
    archived = [ObjectVersion(content.archived_to, "", True, False)] if content.archived_to else []
    key = content.document["key"]
    return [*archived, *(ObjectVersion(key, found, False, False) for found in sorted(content.version_ids))]
