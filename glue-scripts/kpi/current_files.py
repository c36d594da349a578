"""Which validated objects stand: those that the documents of their files name (docs/state.md, kpi)."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from contracts import keys
from contracts.current_version import current_version
from contracts.documents import FileDocument, FileVersion
from kpi.dates import read_date
from storage.store import Store, in_parallel, read_json

FILE_OF_KEY = re.compile(r"/file=([0-9a-f]{32})/version=([0-9]+)/([^/]+)\.parquet$")


@dataclass(frozen=True)
class ObjectName:
    """What the key of a validated object says. `commit` is `<run id>-<attempt>`."""

    key: str
    file_id: str
    version: int
    commit: str


class RowsGoneError(Exception):
    """Rows that stand are nowhere to be read."""

    def __init__(self, file_key: str, version: FileVersion, date: str, places: Sequence[str]) -> None:
        super().__init__(
            f"The {version['dates'][date]} rows of {file_key} (version {version['version']}) on {date} are gone from"
            f" {' and '.join(places)}, so nothing was published: put one of the two back, or put the file again with"
            " an empty line added, so that it is read as a correction, then redrive kpi."
        )


@dataclass(frozen=True)
class DateRows:
    """The accepted rows of a file on a date: one object that stands and is not empty. `key` may lie in the archive."""

    key: str
    file_id: str
    file_key: str
    date: str
    rows: int
    has_event_ids: bool


def object_name(key: str) -> ObjectName | None:
    """The parts of a validated key, None where it is not one."""
    found = FILE_OF_KEY.search(key)
    return ObjectName(key, found[1], int(found[2]), found[3]) if found else None


class CurrentFiles:
    """Files and their rows, read from the store once each. Keeps what it read: make a new one for a new look.

    `own` are files to ask on every date, whatever the store lists.
    """

    def __init__(self, store: Store, own: Iterable[str] = ()) -> None:
        self._store = store
        self._own = frozenset(own)
        self._documents: dict[str, FileDocument | None] = {}
        self._named: dict[str, frozenset[str]] = {}

    def documents(self, file_ids: Iterable[str]) -> dict[str, FileDocument]:
        """File id → document, for those that have one."""
        wanted = sorted(set(file_ids))
        unknown = [file_id for file_id in wanted if file_id not in self._documents]
        found = in_parallel(lambda file_id: read_json(self._store, keys.file_key(file_id)), unknown)
        self._documents.update(zip(unknown, found, strict=True))
        return {file_id: document for file_id in wanted if (document := self._documents[file_id]) is not None}

    def current_version(self, name: ObjectName) -> FileVersion | None:
        """The version of the file through which exactly this object stands, else None."""
        document = self.documents([name.file_id]).get(name.file_id)
        version = current_version(document) if document else None
        if version is None or (version["version"], version["committed_by"]) != (name.version, name.commit):
            return None
        return version

    def named(self, dates: Iterable[str]) -> frozenset[str]:
        """The files that these dates were computed from before, and the own ones."""
        unknown = sorted(set(dates) - set(self._named))
        found = in_parallel(lambda date: read_date(self._store, date), unknown)
        for date, document in zip(unknown, found, strict=True):
            self._named[date] = frozenset(document.get("files", ()) if document else ())
        return self._own.union(*(self._named[date] for date in dates))

    def rows(self, dates: Sequence[str]) -> list[DateRows]:
        """What stands on these dates, by date, then by the bytes of the file's key.

        Listing only says which files to ask, and so does what the dates were computed from before, since the listing
        forgets what the lifecycle took. Their documents name the objects, so that a version which is committed
        meanwhile is read whole or not at all. Rows that neither validated/ nor the archive has: RowsGoneError.
        """
        self.named(dates)
        listed = in_parallel(self._keys_on, dates)
        present = {key for keys_on in listed for key in keys_on}
        asked = {
            date: self.named([date]) | {name.file_id for name in map(object_name, keys_on) if name}
            for date, keys_on in zip(dates, listed, strict=True)
        }
        documents = self.documents(file_id for ids in asked.values() for file_id in ids)
        wanted = [(date, documents[file_id]) for date, ids in asked.items() for file_id in ids if file_id in documents]
        found = in_parallel(lambda pair: self._rows_on(*pair, present), wanted)
        return sorted((rows for rows in found if rows), key=lambda rows: (rows.date, rows.file_key.encode()))

    def place(self, document: FileDocument, version: FileVersion, date: str) -> str:
        """The key of the version's rows on the date: the validated object or, once the lifecycle took it, its copy."""
        places = _places(document, version, date)
        for place in places:
            if self._store.head(place):
                return place
        raise RowsGoneError(document["key"], version, date, places)

    def _keys_on(self, date: str) -> list[str]:
        return [info.key for info in self._store.list(keys.validated_date_prefix(date))]

    def _rows_on(self, date: str, document: FileDocument, present: Collection[str]) -> DateRows | None:
        version = current_version(document)
        if version is None or version["committed_by"] is None or not version["dates"].get(date):
            return None
        key = _places(document, version, date)[0]
        if key not in present:
            key = self.place(document, version, date)
        rows = version["dates"][date]
        return DateRows(key, document["file_id"], document["key"], date, rows, version["has_event_ids"])


def _places(document: FileDocument, version: FileVersion, date: str) -> list[str]:
    commit = version["committed_by"] or ""
    key = keys.validated_key(date, document["file_id"], version["version"], commit)
    return [key, keys.archived_rows_key(commit.rpartition("-")[0], key)]
