"""Validates the rows of one file version with the SQL of sql/validating/, on DuckDB.

One scan of the file writes the accepted rows by date and the rejected ones beside them; only where a cheap hash test
finds that rows may have copies in the file, or rows were quarantined, more is read again.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import duckdb

from contracts.columns import ACCEPTED
from formats.columns import STREAM
from formats.relation import Source, lines, select_rows
from sql.database import literal, read_sql
from validation.duplicates import (
    BY_DATE,
    DATES_AT_ONCE,
    NEXT_DATES,
    PARQUET,
    Validated,
    by_date,
    count_of,
    drop_copies,
    scan_dates,
)

#: The partition of the quarantined rows, in sql/validating/written.sql.
REJECTED = "0001-01-01"


def write_empty(database: duckdb.DuckDBPyConnection, path: Path) -> None:
    """An object without rows, for a date that only an older version of the file had."""
    columns = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in ACCEPTED.items())
    database.execute(f"copy (select {columns} where false) to {literal(str(path))} {PARQUET}")


@dataclass(frozen=True)
class SnapshotFiles:
    """A reference snapshot's local files."""

    tracks: Path
    users: Path


class Validator:
    """Validates by reference snapshots. `scans` does not keep insertion order, `numbers` does (sql/database.py)."""

    def __init__(self, scans: duckdb.DuckDBPyConnection, numbers: duckdb.DuckDBPyConnection) -> None:
        self._scans = scans
        self._numbers = numbers
        self._known: dict[tuple[SnapshotFiles, ...], int] = {}
        self._lock = Lock()

    def validate(
        self,
        known: tuple[SnapshotFiles, ...],
        rows: tuple[Source, Path],
        latest: str,
        temp: Path,
        name: tuple[str, int],
    ) -> Validated:
        """`known`: a user or track is known if any of these snapshots knows it. `rows`: how they are read, and the
        local file. `latest` as `2018-11-15 12:00:00.000`: no listen begins later.

        `temp` is an empty folder, `name` the file's key and version as the quarantine tells them.
        """
        source, path = rows
        number = self._number_of(known)
        with self._scans.cursor() as scan:
            for table in ("tracks", "users"):
                scan.execute(f"create or replace temp view {table} as select * from known_{table}_{number}")
            scan.execute(f"create or replace temp view stream_rows as {select_rows(source, path, STREAM)}")
            scan.execute(f"create or replace temp view parameters as select timestamp {literal(latest)} as latest")
            scan.execute(f"create or replace temp view validated as {read_sql('validation', 'validated')}")
            target = temp / "written"
            _write_by_date(scan, target)
            found = by_date(scan, target)
            rejected = found.pop(REJECTED, None)
            validated = Validated({"read": 0, "accepted": 0, "quarantined": {}, "duplicate": 0}, found)
            validated.dates = _counts(scan, found)
            drop_copies(scan, validated)
            validated.ledger["accepted"] = sum(validated.dates.values())
            if rejected is not None:
                validated.ledger["quarantined"] = _reasons(scan, rejected)
                validated.quarantine = temp / "quarantine.jsonl.gz"
                self._write_quarantine(source, path, rejected, validated.quarantine, name)
            validated.event_ids = _write_event_ids(scan, found, temp / "event_ids.parquet")
        ledger = validated.ledger
        ledger["read"] = ledger["accepted"] + ledger["duplicate"] + sum(ledger["quarantined"].values())
        return validated

    def _number_of(self, known: tuple[SnapshotFiles, ...]) -> int:
        """The number of the tables of all ids that the snapshots know; made once for the files validated by the same."""
        with self._lock:
            if known not in self._known:
                number = len(self._known)
                for name, paths in (("track", [f.tracks for f in known]), ("user", [f.users for f in known])):
                    listed = ", ".join(literal(str(path)) for path in paths)
                    distinct = "distinct " if len(known) > 1 else ""
                    ids = f"select {distinct}{name}_id from read_parquet([{listed}])"
                    self._scans.execute(f"create table known_{name}s_{number} as {ids}")
                self._known[known] = number
            return self._known[known]

    def _write_quarantine(
        self, source: Source, rows: Path, rejected: Path, target: Path, name: tuple[str, int]
    ) -> None:
        columns = "event_id as reason, user_id as detail, track_id as raw"
        select = f"select ms_played as row_number, {columns} from read_parquet({literal(str(rejected))})"
        if source["kind"] == "lines":
            # The parallel scan knows no row numbers, but equal lines are validated equally.
            numbered = lines(rows, source["skip"], numbered=True)
            select = (
                f"select n.row_number, q.reason, q.detail, q.raw from ({numbered}) n join (select distinct {columns}"
                f" from read_parquet({literal(str(rejected))})) q on q.raw = n.line"
            )
        key, version = name
        with self._numbers.cursor() as ordered:
            ordered.execute(
                f"copy (select {literal(key)} as key, {version} as version, row_number as row, reason, detail, raw"
                f" from ({select}) order by row_number) to {literal(str(target))} (format json, compression gzip)"
            )


def _write_by_date(scan: duckdb.DuckDBPyConnection, target: Path) -> None:
    """One scan of the file. A file of thousands of dates needs more memory than that has: it is sorted first."""
    select = read_sql("validation", "written")
    try:
        scan.execute(f"copy ({select}) to {literal(str(target))} {BY_DATE}")
    except duckdb.OutOfMemoryException:
        shutil.rmtree(target, ignore_errors=True)
        ordered = literal(str(target.with_suffix(".parquet")))
        scan.execute(f"copy ({select} order by event_date) to {ordered} {PARQUET}")
        days = f"select distinct event_date as day from read_parquet({ordered})"
        batches = f"select day, (row_number() over (order by day) - 1) // {DATES_AT_ONCE} as batch from ({days})"
        for first, last in scan.execute(f"select min(day), max(day) from ({batches}) group by batch").fetchall():
            within = f"event_date between date '{first}' and date '{last}'"
            scan.execute(
                f"copy (select * from read_parquet({ordered}) where {within}) to {literal(str(target))} {NEXT_DATES}"
            )


def _counts(scan: duckdb.DuckDBPyConnection, found: dict[str, Path]) -> dict[str, int]:
    if not found:
        return {}
    dates = {str(path): date for date, path in found.items()}
    listed = ", ".join(literal(path) for path in dates)
    rows = scan.execute(f"select file_name, num_rows from parquet_file_metadata([{listed}])").fetchall()
    return dict(sorted((dates[name], count) for name, count in rows))


def _reasons(scan: duckdb.DuckDBPyConnection, rejected: Path) -> dict[str, int]:
    path = literal(str(rejected))
    return dict(scan.execute(f"select event_id, count(*) from read_parquet({path}) group by 1 order by 1").fetchall())


def _write_event_ids(scan: duckdb.DuckDBPyConnection, found: dict[str, Path], target: Path) -> Path | None:
    if not found:
        return None
    rows = f"select event_id, event_date from ({scan_dates(list(found.values()))}) where event_id is not null"
    written = count_of(scan, f"copy ({rows}) to {literal(str(target))} {PARQUET}")
    return target if written else None
