"""Looks through every version of every object that may name the user.

That reads all raw files of all time, and everything that was made of them: for an archive of 1 TB some hours and, at
$0.44 a DPU-hour, some dollars. Nothing less can tell whose row a malformed line is, or what an earlier version had.
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
from erasure.contents import Content, Places, content_with
from erasure.derived import Stripped, UserOf, strip
from erasure.locations import PREFIXES, file_version_of, kind_of
from erasure.person import Person
from erasure.raw_rows import RawFile, open_raw, rows_of, user_reader
from erasure.row_patches import patched_to, patches_in_force
from formats.rejection import RejectedFileError
from storage.store import MissingObjectError, ObjectVersion, Store, in_parallel, read_json

#: Objects at once: hides the store's latency; their bytes lie on the local disk.
AT_ONCE = 4


class CannotTellError(Exception):
    """Whether a file names the user cannot be told."""

    def __init__(self, key: str, detail: str) -> None:
        super().__init__(f"Whether {key} names the user cannot be told: {detail}; then start the erasure again.")
        self.key = key


@dataclass(frozen=True)
class RawHit:
    """A raw object with rows of the user; `rows` is None where it cannot be read and names the user."""

    version: ObjectVersion
    content: Content | None
    rows: list[int] | None

    @property
    def count(self) -> int:
        return 1 if self.rows is None else len(self.rows)


class Search:
    """`database` keeps the order of rows; `temp` is a folder of its own."""

    def __init__(self, store: Store, database: duckdb.DuckDBPyConnection, temp: Path, person: Person) -> None:
        self.store = store
        self.person = person
        self._database = database
        self._temp = temp
        infos = list(store.list(keys.FILES_PREFIX))
        documents: list[FileDocument | None] = in_parallel(lambda info: read_json(store, info.key), infos)
        self.places = Places(document for document in documents if document)

    def versions(self, derived: bool) -> list[ObjectVersion]:
        """Raw files, or what was made of them. Markers have no bytes."""
        return [
            version
            for prefix in PREFIXES
            for version in self.store.versions(prefix)
            if not version.is_marker and (kind := kind_of(version.key)) and (kind != "raw") == derived
        ]

    def raw_hits(self) -> list[RawHit]:
        found = in_parallel(self.raw_hit, self.versions(derived=False), AT_ONCE)
        return [hit for hit in found if hit]

    def raw_hit(self, version: ObjectVersion) -> RawHit | None:
        """What one raw object has of the user."""
        content = self.places.content_of(version.key, version.version_id)
        with self.opened(version) as (path, folder):
            if path is None:
                return None
            raw = open_raw(path, folder)
            patched = patched_to(patches_in_force(self.store, content), self.person) if content else set()
            try:
                with self._database.cursor() as cursor:
                    rows = rows_of(cursor, raw, self.person, patched)
                return RawHit(version, content, rows) if rows else None
            except RejectedFileError as error:
                if error.reason["code"] == "too_large":
                    # Whether it names the user cannot be told, and must not be taken for a no.
                    raise CannotTellError(version.key, error.reason["detail"]) from error
                return RawHit(version, content, None) if self._names(raw) else None

    def _names(self, raw: RawFile) -> bool:
        """Of what is no listing of rows: whether a field of one of its lines, as far as it has any, is the id."""
        if not self.person.may_be_in(raw.chunks(), escapes=False):
            return False
        with raw.plain.open("rb") as file:
            return any(
                self.person.is_named_in(line.decode("utf-8", "replace"))
                for line in iter(lambda: file.readline(1 << 20), b"")
            )

    def each_derived(self, use: Callable[[ObjectVersion, Stripped], None]) -> None:
        """Calls `use` with every object that was made of raw files and has rows of the user, and what it is without."""

        def look(version: ObjectVersion) -> None:
            kind = kind_of(version.key)
            with self.opened(version) as (path, _), self._database.cursor() as cursor:
                if path is None or kind is None:
                    return
                stripped = strip(cursor, kind, path, self.person, lambda: self._reader(version.key))
                if stripped.rows:
                    use(version, stripped)

        in_parallel(look, self.versions(derived=True), AT_ONCE)

    def _reader(self, key: str) -> UserOf:
        """How to tell whose a quarantined row is, by the raw file that it was in."""
        named = file_version_of(key)
        document = self.places.documents.get(named[0]) if named else None
        content = content_with(document, named[1]) if document and named else None
        for place in _places(content):
            with self.opened(place) as (path, folder):
                if path is not None:
                    try:
                        return user_reader(open_raw(path, folder))
                    except RejectedFileError:
                        return _unknown
        return _unknown

    @contextmanager
    def opened(self, version: ObjectVersion) -> Iterator[tuple[Path | None, Path]]:
        """A local copy, None where the object is gone meanwhile, and an empty folder beside it."""
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


def _unknown(_: str) -> None:
    """Without the file's header nobody can tell: then a field that is the id makes the row the user's."""


def _places(content: Content | None) -> list[ObjectVersion]:
    if content is None:
        return []
    archived = [ObjectVersion(content.archived_to, "", True, False)] if content.archived_to else []
    key = content.document["key"]
    return [*archived, *(ObjectVersion(key, found, False, False) for found in sorted(content.version_ids))]
