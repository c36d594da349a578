"""Judges the rows of one file version with the SQL of sql/judging/, on DuckDB.

One scan of the file writes the accepted rows by date and the refused ones beside them; only where a cheap hash test
finds that rows may have copies in the file, or rows were refused, more is read again.
"""

from pathlib import Path

import duckdb

from contracts.columns import ACCEPTED
from files.columns import STREAM
from files.copies import PARQUET, Judged, count_of, drop_copies, scan_dates
from files.database import judging_sql, literal
from files.relation import Source, lines, select_rows

#: The partition of the refused rows, in sql/judging/written.sql.
REFUSED = "0001-01-01"
_BY_DATE = "(format parquet, compression snappy, partition_by (event_date))"


def write_empty(database: duckdb.DuckDBPyConnection, path: Path) -> None:
    """An object without rows, for a date that only an older version of the file had."""
    columns = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in ACCEPTED.items())
    database.execute(f"copy (select {columns} where false) to {literal(str(path))} {PARQUET}")


class Judge:
    """Knows the reference snapshot. `scans` does not keep insertion order, `numbers` does (files/database.py)."""

    def __init__(
        self, scans: duckdb.DuckDBPyConnection, numbers: duckdb.DuckDBPyConnection, tracks: Path, users: Path
    ) -> None:
        self._scans = scans
        self._numbers = numbers
        for name, path in (("track", tracks), ("user", users)):
            scans.execute(f"create table {name}s as select {name}_id from read_parquet({literal(str(path))})")

    def judge(self, source: Source, rows: Path, latest: str, temp: Path, name: tuple[str, int]) -> Judged:
        """`rows` is the local file that `source` reads; `latest` as `2018-11-15 12:00:00.000`: no listen begins later.

        `temp` is an empty folder, `name` the file's key and version as the quarantine tells them.
        """
        with self._scans.cursor() as scan:
            scan.execute(f"create or replace temp view stream_rows as {select_rows(source, rows, STREAM)}")
            scan.execute(f"create or replace temp view parameters as select timestamp {literal(latest)} as latest")
            scan.execute(f"create or replace temp view judged as {judging_sql('judged')}")
            target = temp / "written"
            scan.execute(f"copy ({judging_sql('written')}) to {literal(str(target))} {_BY_DATE}")
            found = _by_date(scan, target)
            refused = found.pop(REFUSED, None)
            judged = Judged({"read": 0, "accepted": 0, "quarantined": {}, "duplicate": 0}, found)
            judged.dates = _counts(scan, found)
            drop_copies(scan, judged)
            judged.ledger["accepted"] = sum(judged.dates.values())
            if refused is not None:
                judged.ledger["quarantined"] = _reasons(scan, refused)
                judged.quarantine = temp / "quarantine.jsonl.gz"
                self._write_quarantine(source, rows, refused, judged.quarantine, name)
            judged.event_ids = _write_event_ids(scan, found, temp / "event_ids.parquet")
        ledger = judged.ledger
        ledger["read"] = ledger["accepted"] + ledger["duplicate"] + sum(ledger["quarantined"].values())
        return judged

    def _write_quarantine(self, source: Source, rows: Path, refused: Path, target: Path, name: tuple[str, int]) -> None:
        columns = "event_id as reason, user_id as detail, track_id as raw"
        select = f"select ms_played as row_number, {columns} from read_parquet({literal(str(refused))})"
        if source["kind"] == "lines":
            # The parallel scan knows no row numbers, but equal lines are judged equally.
            numbered = lines(rows, source["skip"], numbered=True)
            select = (
                f"select n.row_number, q.reason, q.detail, q.raw from ({numbered}) n join (select distinct {columns}"
                f" from read_parquet({literal(str(refused))})) q on q.raw = n.line"
            )
        key, version = name
        with self._numbers.cursor() as ordered:
            ordered.execute(
                f"copy (select {literal(key)} as key, {version} as version, row_number as row, reason, detail, raw"
                f" from ({select}) order by row_number) to {literal(str(target))} (format json, compression gzip)"
            )


def _by_date(scan: duckdb.DuckDBPyConnection, target: Path) -> dict[str, Path]:
    """Date → its one file. Where DuckDB wrote several, they are made one."""
    found: dict[str, Path] = {}
    for folder in sorted(target.glob("event_date=*")):
        date = folder.name.removeprefix("event_date=")
        parts = sorted(folder.iterdir())
        found[date] = parts[0]
        if len(parts) > 1:
            found[date] = folder / "all.parquet"
            listed = ", ".join(literal(str(part)) for part in parts)
            select = f"select * from read_parquet([{listed}], hive_partitioning = false)"
            scan.execute(f"copy ({select}) to {literal(str(found[date]))} {PARQUET}")
    return found


def _counts(scan: duckdb.DuckDBPyConnection, found: dict[str, Path]) -> dict[str, int]:
    if not found:
        return {}
    dates = {str(path): date for date, path in found.items()}
    listed = ", ".join(literal(path) for path in dates)
    rows = scan.execute(f"select file_name, num_rows from parquet_file_metadata([{listed}])").fetchall()
    return dict(sorted((dates[name], count) for name, count in rows))


def _reasons(scan: duckdb.DuckDBPyConnection, refused: Path) -> dict[str, int]:
    path = literal(str(refused))
    return dict(scan.execute(f"select event_id, count(*) from read_parquet({path}) group by 1 order by 1").fetchall())


def _write_event_ids(scan: duckdb.DuckDBPyConnection, found: dict[str, Path], target: Path) -> Path | None:
    if not found:
        return None
    rows = f"select event_id, event_date from ({scan_dates(list(found.values()))}) where event_id is not null"
    written = count_of(scan, f"copy ({rows}) to {literal(str(target))} {PARQUET}")
    return target if written else None
