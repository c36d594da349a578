"""Rows that were rejected for a user or track that no snapshot knew yet: marked, looked at again, and replays asked for.

Of whoever validates such rows and whoever builds the next snapshot, one sees the other (docs/state.md, "Reprocessing"):
validate marks before it writes a file's document and reads processed/reference.json after it; ingest lists the marks
after it wrote processed/reference.json.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Lock

import duckdb

from contracts import keys
from contracts.current_version import counts, latest_decided_version
from contracts.documents import FileDocument, FileLedger, FileVersion, ReplayMarker, UnknownMarker
from sql.database import literal
from storage.store import MissingObjectError, Store, create_json, encode, in_parallel, read_json

#: Reason → how its detail begins, the snapshot's table that may know better, and the column there.
LOOKED_UP = {
    "unknown_user": ("user_id: ", "users", "user_id"),
    "unknown_track": ("track_id: ", "tracks", "track_id"),
}
#: Names that are looked up at once: bounds the memory, whatever a quarantine holds.
BATCH = 5_000


def has_unknown(ledger: FileLedger | None) -> bool:
    """Whether rows were quarantined for an unknown user or track."""
    return ledger is not None and any(ledger["quarantined"].get(reason) for reason in LOOKED_UP)


def mark_unknown(store: Store, file_id: str, key: str) -> None:
    """Marks the file for the next snapshot. Always a new version of the marker, which `unmark` then leaves alone."""
    marker: UnknownMarker = {"schema_version": 1, "file_id": file_id, "key": key}
    store.put(keys.unknown_key(file_id), encode(marker))


def unmark(store: Store, file_id: str) -> None:
    """Takes the mark away where nothing that is validated or being validated may need it.

    Exactly the versions that were there before the document was read: a mark that is made meanwhile stays.
    """
    name = keys.unknown_key(file_id)
    while (marker := store.head(name)) is not None:
        document: FileDocument | None = read_json(store, keys.file_key(file_id))
        validated = latest_decided_version(document) if document else None
        running = any(entry["state"] == "running" for entry in document["versions"]) if document else False
        if running or (validated and has_unknown(validated["ledger"])):
            return
        store.delete(name, marker.version_id)


def marked_files(store: Store) -> list[str]:
    """Ids of the files with a mark."""
    return [
        info.key.removeprefix(keys.UNKNOWN_PREFIX).removesuffix(".json") for info in store.list(keys.UNKNOWN_PREFIX)
    ]


@dataclass(frozen=True)
class Asker:
    """Who asks for replays, and when (ISO 8601)."""

    name: str
    now: str


class NewlyKnown:
    """Looks in quarantines for users and tracks of one snapshot. `temp` is a folder of its own."""

    def __init__(
        self, store: Store, database: duckdb.DuckDBPyConnection, temp: Path, reference_version: str, asker: Asker
    ) -> None:
        self._store = store
        self._database = database
        self._temp = temp
        self._version = reference_version
        self._asker = asker
        self._tables: dict[str, Path] = {}
        self._lock = Lock()
        temp.mkdir(parents=True, exist_ok=True)

    def ask(self, file_ids: list[str]) -> list[str]:
        """Asks for a replay of those files of which the snapshot knows more than they were validated with; their keys."""
        return [key for key in in_parallel(self._ask, file_ids) if key]

    def _ask(self, file_id: str) -> str | None:
        document: FileDocument | None = read_json(self._store, keys.file_key(file_id))
        entry = latest_decided_version(document) if document else None
        if document is None or entry is None or not self._knows_more(file_id, entry):
            return None
        cause = f"snapshot:{self._version}"
        marker: ReplayMarker = {
            "schema_version": 1,
            "file_id": file_id,
            "key": document["key"],
            "replay": {
                "of": entry["version"],
                "cause": cause,
                "why": f"reference snapshot {self._version} knows users or tracks of rows that were rejected as unknown",
                "requested_by": self._asker.name,
                "requested_at": self._asker.now,
                "accept": counts(entry),
                "patches_key": None,
            },
        }
        create_json(self._store, keys.replay_key(file_id, entry["version"], cause), marker)
        return document["key"]

    def _knows_more(self, file_id: str, entry: FileVersion) -> bool:
        key = entry["quarantine_key"]
        if key is None or not has_unknown(entry["ledger"]) or self._version in entry.get("reference_versions", []):
            return False
        path = self._temp / f"{file_id}.jsonl.gz"
        try:
            self._store.download(key, path)
        except MissingObjectError:
            # The lifecycle took the quarantine: only reprocessing can tell. A held file's bytes are gone by then too.
            return counts(entry)
        try:
            names = _rejected_names(path)
            while batch := set(islice(names, BATCH)):
                if any(self._is_known(reason, batch) for reason in LOOKED_UP):
                    return True
            return False
        finally:
            path.unlink()

    def _is_known(self, reason: str, batch: set[tuple[str, str]]) -> bool:
        _, table, column = LOOKED_UP[reason]
        wanted = [name for found, name in batch if found == reason]
        if not wanted:
            return False
        with self._database.cursor() as cursor:
            rows = f"read_parquet({literal(str(self._table(table)))})"
            query = f"select 1 from {rows} where {column} in (select unnest(?::varchar[])) limit 1"
            return cursor.execute(query, [wanted]).fetchone() is not None

    def _table(self, table: str) -> Path:
        with self._lock:
            if table not in self._tables:
                self._tables[table] = self._temp / f"{table}.parquet"
                self._store.download(keys.snapshot_key(self._version, table), self._tables[table])
            return self._tables[table]


def _rejected_names(path: Path) -> Iterator[tuple[str, str]]:
    """(reason, user or track) of every unknown row of a quarantine."""
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            if '"unknown_' not in line:
                continue
            row = json.loads(line)
            if row["reason"] in LOOKED_UP:
                yield row["reason"], row["detail"].removeprefix(LOOKED_UP[row["reason"]][0])
