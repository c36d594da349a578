"""Writes the quarantined rows of one file version as JSON lines, in the order of the file."""

from pathlib import Path

import duckdb

from formats.relation import FileRows, lines
from sql.database import literal, read_sql


def write_quarantine(
    scan: duckdb.DuckDBPyConnection,
    numbers: duckdb.DuckDBPyConnection,
    rows: FileRows,
    name: tuple[str, int],
    temp: Path,
) -> Path:
    """Writes the quarantined rows of the table `validated` of `scan`; `numbers` keeps the order of a file's rows.

    `rows` are the file's rows, `name` is its key and version.
    """
    quarantined, target = temp / "quarantined.parquet", temp / "quarantine.jsonl.gz"
    scan.execute(f"copy ({read_sql('validation', 'quarantined')}) to {literal(str(quarantined))} (format parquet)")
    key, version = name
    columns = f"{literal(key)} as key, {version} as version, row_number as row, reason, detail, raw"
    numbers.execute(
        f"copy (select {columns} from ({_numbered(rows, quarantined)}) order by row_number)"
        f" to {literal(str(target))} (format json, compression gzip)"
    )
    return target


def _numbered(rows: FileRows, quarantined: Path) -> str:
    """Returns the SELECT for the quarantined rows with their row numbers.

    The parallel scan of lines has no row numbers. Equal lines have the same reason, so the lines tell the numbers.
    """
    scan = f"read_parquet({literal(str(quarantined))})"
    if rows.source["kind"] != "lines":
        return f"select * from {scan}"
    numbered = lines(rows.path, rows.source["skip"], numbered=True)
    return (
        f"select n.row_number, q.reason, q.detail, q.raw from ({numbered}) n"
        f" join (select distinct reason, detail, raw from {scan}) q on q.raw = n.line"
    )
