"""Writes the accepted rows of one file version by date, without duplicates (sql/validation/effective.sql)."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from sql.database import MAX_PARTITIONS, literal, read_sql


@dataclass(frozen=True)
class DateRows:
    """The effective rows of one date: how many, and the local Parquet file (columns: contracts/columns.py)."""

    count: int
    path: Path


def write_effective_rows(scan: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, DateRows]:
    """Writes the effective rows of the table `validated`; returns them by date, in order.

    Duplicates are on one date, so a file of many dates is written some dates at a time, in little memory.
    """
    accepted, effective = read_sql("validation", "accepted"), read_sql("validation", "effective")
    scan.execute(f"create or replace temp view accepted as {accepted}")
    dates = [str(date) for (date,) in scan.execute("select distinct event_date from accepted order by 1").fetchall()]
    written: dict[str, DateRows] = {}
    folder.mkdir()
    for first in range(0, len(dates), MAX_PARTITIONS):
        batch = dates[first : first + MAX_PARTITIONS]
        between = f"event_date between date '{batch[0]}' and date '{batch[-1]}'"
        scan.execute(f"create or replace temp view accepted as select * from ({accepted}) where {between}")
        written |= _write_by_date(scan, effective, folder / batch[0])
    return written


def _write_by_date(scan: duckdb.DuckDBPyConnection, select: str, folder: Path) -> dict[str, DateRows]:
    options = "format parquet, compression snappy, partition_by (event_date), return_stats"
    files = scan.execute(f"copy ({select}) to {literal(str(folder))} ({options})")
    names = [column[0] for column in files.description or []]
    found = [dict(zip(names, file, strict=True)) for file in files.fetchall()]
    return {
        file["partition_keys"]["event_date"]: DateRows(file["count"], Path(file["filename"]))
        for file in sorted(found, key=lambda file: str(file["partition_keys"]["event_date"]))
    }
