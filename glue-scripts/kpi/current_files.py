"""Finds the accepted rows of dates: the objects that the current versions of files name (docs/state.md, kpi)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from contracts import keys
from contracts.current_version import current_version
from contracts.documents import FileDocument, FileVersion
from kpi.published import read_date
from storage.store import Store, in_parallel, read_json


class RowsGoneError(Exception):
    """Rows of a current version are neither in validated/ nor in the archive."""

    def __init__(self, file_key: str, version: FileVersion, date: str, objects: Sequence[str]) -> None:
        super().__init__(
            f"The {version['dates'][date]} rows of {file_key} (version {version['version']}) on {date} are gone from"
            f" {' and '.join(objects)}, so nothing was published: put one of the two back, or put the file again with"
            " an empty line added, so that it is read as a correction, then redrive kpi."
        )


@dataclass(frozen=True)
class DateRows:
    """The accepted rows of a file on a date: one object, which is not empty and may lie in the archive."""

    key: str
    file_id: str
    file_key: str
    date: str
    rows: int


class CurrentFiles:
    """Finds files and their rows in the store. A document is read once.

    `own` are the files of the run. They are read on every date, whatever the store lists.
    """

    def __init__(self, store: Store, own: Iterable[str] = ()) -> None:
        self._store = store
        self._own = frozenset(own)
        self._documents: dict[str, FileDocument | None] = {}

    def documents(self, file_ids: Iterable[str]) -> dict[str, FileDocument]:
        """Returns the documents of those files that have one, by file id."""
        wanted = sorted(set(file_ids))
        unknown = [file_id for file_id in wanted if file_id not in self._documents]
        found = in_parallel(lambda file_id: read_json(self._store, keys.file_key(file_id)), unknown)
        self._documents.update(zip(unknown, found, strict=True))
        return {file_id: document for file_id in wanted if (document := self._documents[file_id]) is not None}

    def rows(self, dates: Sequence[str]) -> list[DateRows]:
        """Returns the rows that count on these dates, by date, then by the bytes of the file's key.

        The listing only says which files to look at, and so do the documents of the dates, because the lifecycle may
        have removed objects from the listing. The files' documents name the objects, so that a version that is
        committed meanwhile is read whole or not at all. Raises RowsGoneError if rows are nowhere.
        """
        listed = in_parallel(self._keys_on, dates)
        present = {key for keys_on in listed for key in keys_on}
        published = in_parallel(self._published_files, dates)
        files = {
            date: self._own | named | {of.file_id for key in keys_on if (of := keys.version_object(key))}
            for date, named, keys_on in zip(dates, published, listed, strict=True)
        }
        documents = self.documents(file_id for ids in files.values() for file_id in ids)
        wanted = [(date, documents[file_id]) for date, ids in files.items() for file_id in ids if file_id in documents]
        found = in_parallel(lambda pair: self._rows_on(*pair, present), wanted)
        return sorted((rows for rows in found if rows), key=lambda rows: (rows.date, rows.file_key.encode()))

    def _keys_on(self, date: str) -> list[str]:
        return [info.key for info in self._store.list(keys.validated_date_prefix(date))]

    def _published_files(self, date: str) -> frozenset[str]:
        document = read_date(self._store, date)
        return frozenset(document["files"] if document else ())

    def _rows_on(self, date: str, document: FileDocument, present: Collection[str]) -> DateRows | None:
        version = current_version(document)
        if version is None or version["committed_by"] is None or not version["dates"].get(date):
            return None
        key = self._find(document, version, date, present)
        return DateRows(key, document["file_id"], document["key"], date, version["dates"][date])

    def _find(self, document: FileDocument, version: FileVersion, date: str, present: Collection[str]) -> str:
        """Returns the key of the validated object or, if the lifecycle removed it, of its copy in the archive."""
        commit = version["committed_by"] or ""
        validated = keys.validated_key(date, document["file_id"], version["version"], commit)
        archived = keys.archived_rows_key(keys.run_of_commit(commit), validated)
        if validated in present:
            return validated
        for key in (validated, archived):
            if self._store.head(key):
                return key
        raise RowsGoneError(document["key"], version, date, (validated, archived))
