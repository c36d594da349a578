"""Rows that a source names itself (event_id) may lie on another date in another file: where such copies stand."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from contracts import keys
from contracts.columns import ACCEPTED, EVENT_IDS
from contracts.current_version import CURRENT_STATES, current_version
from contracts.documents import FileDocument, FileVersion
from engines import Engine
from kpi.current_files import CurrentFiles, ObjectName, RowsGoneError, object_name
from sql.database import read_sql
from storage.local_copies import SMALL, Wanted, fetch
from storage.store import Store

INDEX_PREFIX = "validated/event_ids/"
#: A file and one of its versions.
Entry = tuple[FileDocument, FileVersion]


@dataclass(frozen=True)
class Copy:
    """A standing row of file `file_id` on `date` that carries `event_id`."""

    file_id: str
    file_key: str
    date: str
    event_id: str


@dataclass(frozen=True)
class EventIds:
    """Looks event ids up in the index that validate writes: one object per file version that has any.

    Where the lifecycle took an index object, the ids are read from the version's rows, mostly from the archive.
    """

    store: Store
    files: CurrentFiles
    temp: Path

    @cached_property
    def _index(self) -> dict[str, int]:
        """Key → size of the index objects that are there."""
        return {info.key: info.size for info in self.store.list(INDEX_PREFIX)}

    def of_versions(self, engine: Engine, versions: Iterable[Entry]) -> str | None:
        """A SELECT (event_id) of all ids of these versions, None where none has any.

        A replaced version of which nothing is left counts as having none, so that its correction can go on.
        """
        naming = [found for found in versions if found[1]["has_event_ids"] and found[1]["committed_by"]]
        if not naming:
            return None
        indexed = [key for found in naming if (key := _index_key(found)) in self._index]
        gone = [found for found in naming if _index_key(found) not in self._index]
        self._define(engine, "own_event_ids", indexed, [key for found in gone for key in self._rows(found, [])])
        return "select event_id from own_event_ids"

    def copies(
        self,
        engine: Engine,
        ids: str,
        known_dates: Sequence[str],
        covered: Collection[str] = (),
        named: Collection[str] = (),
    ) -> list[Copy]:
        """Standing copies, outside `known_dates`, of the event ids that the SELECT `ids` (event_id) gives.

        `covered` are files whose index need not be read, since all their dates are known. `named` are files to be
        asked although the index may have forgotten them.
        """
        names = [name for name in map(object_name, self._index) if name and name.file_id not in covered]
        forgotten = self._forgotten(set(named).difference(covered))
        if not names and not forgotten:
            return []
        rows = [key for found in forgotten for key in self._rows(found, known_dates)]
        self._define(engine, "event_ids", [name.key for name in names], rows)
        names += [name for found in forgotten if (name := object_name(_index_key(found)))]
        engine.rows("known_dates", {"event_date": "date"}, [[date] for date in known_dates])
        engine.define("ids_in_hand", ids)
        found = engine.query(read_sql("kpi", "found_copies"))
        return self._standing(names, found)

    def _forgotten(self, file_ids: Collection[str]) -> list[Entry]:
        """Those of the files that have event ids and whose index object is gone."""
        documents = self.files.documents(file_ids).values()
        standing = [(document, version) for document in documents if (version := current_version(document))]
        return [found for found in standing if found[1]["has_event_ids"] and _index_key(found) not in self._index]

    def _rows(self, found: Entry, known_dates: Collection[str]) -> list[str]:
        """The keys of the version's rows outside `known_dates`."""
        document, version = found
        places = []
        for date in sorted(day for day, rows in version["dates"].items() if rows and day not in known_dates):
            try:
                places.append(self.files.place(document, version, date))
            except RowsGoneError:
                if version is current_version(document):
                    raise
        return places

    def _define(self, engine: Engine, name: str, indexed: Sequence[str], rows: Sequence[str]) -> None:
        """Defines the view `name` (event_id, event_date, file, version) over index objects and rows."""
        wanted = [Wanted(key, self._index[key] < SMALL) for key in indexed]
        engine.source(f"{name}_indexed", fetch(self.store, wanted, self.temp), EVENT_IDS, ["file", "version"])
        paths = fetch(self.store, [Wanted(key, is_small=False) for key in rows], self.temp)
        engine.source(f"{name}_in_rows", paths, ACCEPTED, ["file", "version"])
        engine.define(
            name,
            f"select event_id, event_date, file, version from {name}_indexed union all"
            f" select event_id, cast(listen_time as date) as event_date, file, version from {name}_in_rows"
            " where event_id is not null",
        )

    def _standing(self, names: list[ObjectName], found: list[tuple[str, str, str, str]]) -> list[Copy]:
        documents = self.files.documents(file_id for file_id, _, _, _ in found)
        stands = {
            (name.file_id, name.version)
            for name in names
            if name.file_id in documents and self.files.current_version(name)
        }
        return [
            Copy(file_id, documents[file_id]["key"], date, event_id)
            for file_id, version, date, event_id in found
            if (file_id, int(version)) in stands
        ]


def stood_up_to(document_versions: Sequence[FileVersion], version: int) -> list[FileVersion]:
    """The version and those it replaced: the rows of all of them may have changed with it."""
    return [entry for entry in document_versions if entry["version"] <= version and entry["state"] in CURRENT_STATES]


def _index_key(found: Entry) -> str:
    document, version = found
    return keys.event_ids_key(document["file_id"], version["version"], version["committed_by"] or "")
