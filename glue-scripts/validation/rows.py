"""Validates the rows of one file version with the rules of sql/validation/, on DuckDB."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from contracts.columns import ACCEPTED, stream_columns
from contracts.documents import FileLedger
from formats.columns import STREAM
from formats.relation import FileRows
from sql.database import literal, quoted, read_sql
from validation.duplicates import DateRows, write_effective_rows
from validation.known_ids import KnownIds, SnapshotFiles
from validation.quarantine import write_quarantine
from validation.typed_rows import typed_rows


@dataclass(frozen=True)
class ValidatedRows:
    """The outcome of one file version: its ledger, its effective rows by date, and a local file of quarantined rows."""

    ledger: FileLedger
    accepted: dict[str, DateRows]
    reused_event_ids: int
    quarantine: Path | None

    @property
    def dates(self) -> dict[str, int]:
        return {date: rows.count for date, rows in self.accepted.items()}


class RowValidator:
    """Validates with reference snapshots. `scans` does not keep the order of rows, `numbers` does (sql/database.py)."""

    def __init__(self, scans: duckdb.DuckDBPyConnection, numbers: duckdb.DuckDBPyConnection) -> None:
        self._scans = scans
        self._numbers = numbers
        self._known_ids = KnownIds(scans)
        scans.execute(read_sql("validation", "values"))

    def validate(
        self, snapshots: tuple[SnapshotFiles, ...], rows: FileRows, latest: str, name: tuple[str, int], temp: Path
    ) -> ValidatedRows:
        """Validates `rows`. No listen starts later than `latest`, as `2018-11-15 12:00:00.000`.

        `name` is the file's key and version, `temp` an empty folder.
        """
        with self._scans.cursor() as scan, self._numbers.cursor() as numbers:
            self._known_ids.define(scan, snapshots)
            _create_validated(scan, rows, latest)
            counts = dict(scan.execute("select reason, count(*) from validated group by all").fetchall())
            found = counts.pop(None, 0)
            accepted = write_effective_rows(scan, temp / "accepted") if found else {}
            quarantine = write_quarantine(scan, numbers, rows, name, temp) if counts else None
            reused = _reused_event_ids(scan) if found else 0
        effective = sum(date.count for date in accepted.values())
        ledger: FileLedger = {
            "read": found + sum(counts.values()),
            "accepted": effective,
            "quarantined": dict(sorted(counts.items())),
            "duplicate": found - effective,
        }
        return ValidatedRows(ledger, accepted, reused, quarantine)


def write_empty(database: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Writes accepted rows of a date that has none."""
    columns = ", ".join(f"cast(null as {kind}) as {quoted(name)}" for name, kind in ACCEPTED.items())
    database.execute(f"copy (select {columns} where false) to {literal(str(path))} (format parquet)")


def _create_validated(scan: duckdb.DuckDBPyConnection, rows: FileRows, latest: str) -> None:
    """Validates every row into the table `validated`."""
    scan.execute(f"create or replace temp view stream_rows as {rows.select(STREAM)}")
    scan.execute(f"create or replace temp view typed_rows as {typed_rows(stream_columns())}")
    scan.execute(f"create or replace temp view parameters as select timestamp {literal(latest)} as latest")
    scan.execute(f"create or replace temp table validated as {read_sql('validation', 'validated')}")


def _reused_event_ids(scan: duckdb.DuckDBPyConnection) -> int:
    row = scan.execute(read_sql("validation", "reused_event_ids")).fetchone()
    return int(row[0]) if row else 0
