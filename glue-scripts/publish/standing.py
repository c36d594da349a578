"""Which validated objects stand: those that the documents of their files name (docs/state.md, kpi)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contracts import keys
from contracts.documents import FileDocument, FileVersion, standing_version
from publish.store import Store, in_parallel, read_json

FILE_OF_KEY = re.compile(r"/file=([0-9a-f]{32})/version=([0-9]+)/([^/]+)\.parquet$")


@dataclass(frozen=True)
class ObjectName:
    """What the key of a validated object says. `commit` is `<run id>-<attempt>`."""

    key: str
    file_id: str
    version: int
    commit: str


@dataclass(frozen=True)
class DateRows:
    """The accepted rows of a file on a date: one object that stands and is not empty."""

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


class StandingFiles:
    """Files and their rows, read from the store once each. Keeps what it read: make a new one for a new look."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._documents: dict[str, FileDocument | None] = {}

    def documents(self, file_ids: Iterable[str]) -> dict[str, FileDocument]:
        """File id → document, for those that have one."""
        wanted = sorted(set(file_ids))
        unknown = [file_id for file_id in wanted if file_id not in self._documents]
        found = in_parallel(lambda file_id: read_json(self._store, keys.file_key(file_id)), unknown)
        self._documents.update(zip(unknown, found, strict=True))
        return {file_id: document for file_id in wanted if (document := self._documents[file_id]) is not None}

    def version_that_stands(self, name: ObjectName) -> FileVersion | None:
        """The version of the file through which exactly this object stands, else None."""
        document = self.documents([name.file_id]).get(name.file_id)
        version = standing_version(document) if document else None
        if version is None or (version["version"], version["committed_by"]) != (name.version, name.commit):
            return None
        return version

    def rows(self, dates: Sequence[str]) -> list[DateRows]:
        """What stands on these dates, by date, then by the bytes of the file's key.

        Listing only says which files to ask: their documents name the objects, so that a version which is committed
        meanwhile is read whole or not at all.
        """
        listed = in_parallel(self._file_ids_on, dates)
        documents = self.documents(file_id for ids in listed for file_id in ids)
        found = [
            rows
            for date, ids in zip(dates, listed, strict=True)
            for file_id in ids
            if (rows := _rows_on(date, documents.get(file_id))) is not None
        ]
        return sorted(found, key=lambda rows: (rows.date, rows.file_key.encode()))

    def _file_ids_on(self, date: str) -> set[str]:
        names = (object_name(info.key) for info in self._store.list(keys.validated_date_prefix(date)))
        return {name.file_id for name in names if name}


def _rows_on(date: str, document: FileDocument | None) -> DateRows | None:
    version = standing_version(document) if document else None
    if document is None or version is None or version["committed_by"] is None or not version["dates"].get(date):
        return None
    key = keys.validated_key(date, document["file_id"], version["version"], version["committed_by"])
    return DateRows(key, document["file_id"], document["key"], date, version["dates"][date], version["has_event_ids"])
