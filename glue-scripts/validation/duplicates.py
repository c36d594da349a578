"""Copies of a listen inside one file version: finds them cheaply, and leaves of each the one that stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from contracts.columns import ACCEPTED
from contracts.documents import FileLedger
from sql.database import literal, read_sql

PARQUET = "(format parquet, compression snappy)"
BY_DATE = "(format parquet, compression snappy, partition_by (event_date))"
NEXT_DATES = BY_DATE.replace(")", "), overwrite_or_ignore", 1)
#: Dates that are written at the same time where there are too many of them for the memory.
DATES_AT_ONCE = 200
#: Equal for all copies of a listen, and for few others: rows that share it are compared by sql/validating/standing.sql.
IDENTITY = "hash(coalesce(event_id, user_id), case when event_id is null then listen_time end)"
#: Rows whose identities are compared at once where copies cannot lie on different dates: their table stays in cache.
BATCH = 300_000


@dataclass
class Validated:
    """The rows of one file version, validated. `accepted`: date → local Parquet file (columns: contracts/columns.py)."""

    ledger: FileLedger
    accepted: dict[str, Path] = field(default_factory=dict)
    dates: dict[str, int] = field(default_factory=dict)
    quarantine: Path | None = None
    event_ids: Path | None = None


def drop_copies(scan: duckdb.DuckDBPyConnection, validated: Validated) -> None:
    """Leaves of every listen the copy that stands, and counts the others."""
    if not validated.accepted:
        return
    scan.execute(f"create or replace temp view accepted as {scan_dates(list(validated.accepted.values()))}")
    _find_suspects(scan, validated)
    if not count_of(scan, "select count(*) from suspects"):
        return
    scan.execute(
        "create or replace temp table suspected as "
        f"select * from accepted where {IDENTITY} in (select identity from suspects)"
    )
    scan.execute(f"create or replace temp table standing as {read_sql('validation', 'effective')}")
    counts = "select event_date, count(*) as n from {} group by event_date"
    changed = scan.execute(
        f"select cast(event_date as varchar), s.n - coalesce(t.n, 0) from ({counts.format('suspected')}) s "
        f"left join ({counts.format('standing')}) t using (event_date) where s.n > coalesce(t.n, 0)"
    ).fetchall()
    for date, copies in changed:
        validated.ledger["duplicate"] += copies
        validated.dates[date] -= copies
    dates = sorted(date for date, _ in changed)
    for first in range(0, len(dates), DATES_AT_ONCE):
        _rewrite(scan, validated, dates[first : first + DATES_AT_ONCE])
    validated.dates = {date: count for date, count in validated.dates.items() if count}


def _find_suspects(scan: duckdb.DuckDBPyConnection, validated: Validated) -> None:
    """Fills `suspects` with every identity that several accepted rows have."""
    scan.execute("create or replace temp table suspects (identity ubigint)")
    across_dates = scan.execute("select 1 from accepted where event_id is not null limit 1").fetchone() is not None
    batch: list[Path] = []
    rows = 0
    for number, (date, count) in enumerate(validated.dates.items(), 1):
        batch.append(validated.accepted[date])
        rows += count
        if number == len(validated.dates) or (rows >= BATCH and not across_dates):
            identities = f"select {IDENTITY} as identity from ({scan_dates(batch)})"
            scan.execute(
                f"insert into suspects select identity from ({identities}) group by identity having count(*) > 1"
            )
            batch, rows = [], 0


def _rewrite(scan: duckdb.DuckDBPyConnection, validated: Validated, dates: Sequence[str]) -> None:
    """The files of these dates without the copies that do not stand."""
    old = [validated.accepted.pop(date) for date in dates]
    target = old[0].parent.parent.with_name("standing")
    names = ", ".join([*ACCEPTED, "event_date"])
    listed = ", ".join(f"date '{date}'" for date in dates)
    scan.execute(
        f"copy (select {names} from ({scan_dates(old)}) where {IDENTITY} not in (select identity from suspects) "
        f"union all select {names} from standing where event_date in ({listed})) to {literal(str(target))} {NEXT_DATES}"
    )
    found = by_date(scan, target)
    validated.accepted |= {date: found[date] for date in dates if validated.dates[date]}


def scan_dates(paths: Sequence[Path]) -> str:
    listed = ", ".join(literal(str(path)) for path in paths)
    return f"select * from read_parquet([{listed}], hive_partitioning = true, hive_types = {{event_date: date}})"


def count_of(scan: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = scan.execute(sql).fetchone()
    return int(row[0]) if row else 0


def by_date(scan: duckdb.DuckDBPyConnection, target: Path) -> dict[str, Path]:
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
