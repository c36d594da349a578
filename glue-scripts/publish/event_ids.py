"""Rows that a source names itself (event_id) may lie on another date in another file: where such copies stand."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts import keys
from contracts.columns import EVENT_IDS
from contracts.documents import STANDING, FileVersion
from engines import Engine, read_sql
from publish.local_copies import SMALL, Wanted, fetch
from publish.standing import ObjectName, StandingFiles, object_name
from publish.store import Store

INDEX_PREFIX = "validated/event_ids/"


@dataclass(frozen=True)
class Copy:
    """A standing row of file `file_id` on `date` that carries `event_id`."""

    file_id: str
    file_key: str
    date: str
    event_id: str


@dataclass(frozen=True)
class EventIds:
    """Looks event ids up in the index that validate writes: one object per file version that has any."""

    store: Store
    files: StandingFiles
    temp: Path

    def of_versions(self, versions: Iterable[tuple[str, FileVersion]]) -> list[Path]:
        """The index objects of these (file id, version)s, as local files."""
        wanted = [
            keys.event_ids_key(file_id, version["version"], version["committed_by"])
            for file_id, version in versions
            if version["has_event_ids"] and version["committed_by"]
        ]
        return fetch(self.store, [Wanted(key, is_small=False) for key in wanted], self.temp)

    def copies(self, engine: Engine, ids: str, known_dates: Sequence[str], covered: Collection[str] = ()) -> list[Copy]:
        """Standing copies, outside `known_dates`, of the event ids that the SELECT `ids` (event_id) gives.

        `covered` are files whose index need not be read, since all their dates are known.
        """
        sizes = {info.key: info.size for info in self.store.list(INDEX_PREFIX)}
        names = [name for name in map(object_name, sizes) if name and name.file_id not in covered]
        if not names:
            return []
        wanted = [Wanted(name.key, sizes[name.key] < SMALL) for name in names]
        paths = fetch(self.store, wanted, self.temp)
        engine.source("event_ids", paths, EVENT_IDS, ["file", "version"])
        engine.rows("known_dates", {"event_date": "date"}, [[date] for date in known_dates])
        engine.define("ids_in_hand", ids)
        found = engine.query(read_sql("kpi", "found_copies"))
        return self._standing(names, found)

    def _standing(self, names: list[ObjectName], found: list[tuple[str, str, str, str]]) -> list[Copy]:
        documents = self.files.documents(file_id for file_id, _, _, _ in found)
        stands = {
            (name.file_id, name.version)
            for name in names
            if name.file_id in documents and self.files.version_that_stands(name)
        }
        return [
            Copy(file_id, documents[file_id]["key"], date, event_id)
            for file_id, version, date, event_id in found
            if (file_id, int(version)) in stands
        ]


def stood_up_to(document_versions: Sequence[FileVersion], version: int) -> list[FileVersion]:
    """The version and those it replaced: the rows of all of them may have changed with it."""
    return [entry for entry in document_versions if entry["version"] <= version and entry["state"] in STANDING]
