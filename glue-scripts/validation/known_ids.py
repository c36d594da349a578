"""The ids of users and tracks that reference snapshots know, as tables."""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import duckdb

from sql.database import literal


@dataclass(frozen=True)
class SnapshotFiles:
    """The local files of a reference snapshot."""

    tracks: Path
    users: Path


class KnownIds:
    """Tables of the ids that snapshots know, made once for all files that are validated with the same snapshots."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self._database = database
        self._numbers: dict[tuple[SnapshotFiles, ...], int] = {}
        self._lock = Lock()

    def define(self, scan: duckdb.DuckDBPyConnection, snapshots: tuple[SnapshotFiles, ...]) -> None:
        """Defines `tracks` and `users` for a cursor of the database: the ids that any of the snapshots knows."""
        number = self._number_of(snapshots)
        for table in ("tracks", "users"):
            scan.execute(f"create or replace temp view {table} as select * from known_{table}_{number}")

    def _number_of(self, snapshots: tuple[SnapshotFiles, ...]) -> int:
        with self._lock:
            if snapshots not in self._numbers:
                number = len(self._numbers)
                self._create(f"known_tracks_{number}", "track_id", [files.tracks for files in snapshots])
                self._create(f"known_users_{number}", "user_id", [files.users for files in snapshots])
                self._numbers[snapshots] = number
            return self._numbers[snapshots]

    def _create(self, table: str, column: str, paths: list[Path]) -> None:
        listed = ", ".join(literal(str(path)) for path in paths)
        distinct = "distinct" if len(paths) > 1 else ""
        self._database.execute(f"create table {table} as select {distinct} {column} from read_parquet([{listed}])")
