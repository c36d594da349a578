"""Requests replays of files whose unknown users or tracks a newer reference snapshot knows."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Lock

import duckdb

from contracts import keys
from contracts.current_version import counts
from contracts.documents import FileDocument, FileVersion, ReplayMarker
from contracts.replay_cause import snapshot_cause
from contracts.row_reasons import UNKNOWN_IDS
from sql.database import literal
from storage.store import MissingObjectError, Store, create_json, in_parallel, read_json
from validation.decided_versions import latest_decided_version
from validation.unknown import has_unknown

#: Ids that are looked up at once: bounds the memory for a quarantine of any size.
BATCH = 5_000


@dataclass(frozen=True)
class Requester:
    """Who requests replays, and when (ISO 8601)."""

    name: str
    now: str


class ReplayRequests:
    """Looks up quarantined ids in one snapshot. `temp` is a folder of its own."""

    def __init__(
        self,
        store: Store,
        database: duckdb.DuckDBPyConnection,
        temp: Path,
        reference_version: str,
        requester: Requester,
    ) -> None:
        self._store = store
        self._database = database
        self._temp = temp
        self._version = reference_version
        self._requester = requester
        self._tables: dict[str, Path] = {}
        self._lock = Lock()
        temp.mkdir(parents=True, exist_ok=True)

    def request(self, file_ids: list[str]) -> list[str]:
        """Requests a replay of each file whose unknown ids the snapshot knows; returns the keys of these files."""
        return [key for key in in_parallel(self._request, file_ids) if key]

    def _request(self, file_id: str) -> str | None:
        document: FileDocument | None = read_json(self._store, keys.file_key(file_id))
        entry = latest_decided_version(document) if document else None
        if document is None or entry is None or not self._knows_more(file_id, entry):
            return None
        cause = snapshot_cause(self._version)
        marker: ReplayMarker = {
            "schema_version": 1,
            "file_id": file_id,
            "key": document["key"],
            "replay": {
                "of": entry["version"],
                "cause": cause,
                "why": f"reference snapshot {self._version} knows users or tracks that were unknown",
                "requested_by": self._requester.name,
                "requested_at": self._requester.now,
                "accept": counts(entry),
                "patches_key": None,
            },
        }
        create_json(self._store, keys.replay_key(file_id, entry["version"], cause), marker)
        return document["key"]

    def _knows_more(self, file_id: str, entry: FileVersion) -> bool:
        key = entry["quarantine_key"]
        if key is None or not has_unknown(entry["ledger"]) or self._version in entry["reference_versions"]:
            return False
        path = self._temp / f"{file_id}.jsonl.gz"
        try:
            self._store.download(key, path)
        except MissingObjectError:
            # Without the quarantine only a replay can find out. The bytes of a file on hold are gone by then too.
            return counts(entry)
        try:
            ids = _unknown_ids(path)
            while batch := set(islice(ids, BATCH)):
                if any(self._is_known(reason, batch) for reason in UNKNOWN_IDS):
                    return True
            return False
        finally:
            path.unlink()

    def _is_known(self, reason: str, batch: set[tuple[str, str]]) -> bool:
        column, table = UNKNOWN_IDS[reason]
        wanted = [id_ for found, id_ in batch if found == reason]
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


def _unknown_ids(path: Path) -> Iterator[tuple[str, str]]:
    """Yields (reason, user or track) of each row of a quarantine with an unknown user or track."""
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            if '"unknown_' not in line:
                continue
            row = json.loads(line)
            if found := UNKNOWN_IDS.get(row["reason"]):
                yield row["reason"], row["detail"].removeprefix(f"{found.column}: ")
