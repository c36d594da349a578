"""Writes rows that Python has read to a prepared file, a Parquet file that SQL reads.

Its columns are row_number (1, 2, …, blank lines not counted), raw, malformed (null, or why the row has no values), and
the wanted columns as trimmed text, null if blank.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from formats.json_records import Row
from sql.database import literal, quoted

FIXED = {"row_number": "bigint", "raw": "varchar", "malformed": "varchar"}
#: Bytes of the longest record: MAX_RECORD characters of four bytes, each quote doubled, and room for the values.
MAX_LINE = 1 << 24


def write_prepared(database: duckdb.DuckDBPyConnection, rows: Iterable[Row], names: Sequence[str], target: Path) -> int:
    """Writes `rows` to the Parquet file `target`, one at a time. Returns their number."""
    text = target.with_suffix(".rows.csv")
    blank: list[str | None] = [None] * len(names)
    number = 0
    with text.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
        for number, (raw, malformed, values) in enumerate(rows, 1):
            write([number, raw, malformed, *(values if malformed is None else blank)])
    kinds = {**FIXED, **dict.fromkeys(names, "varchar")}
    columns = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in kinds.items())
    options = "header = false, auto_detect = false, delim = ',', quote = '\"', escape = '\"', nullstr = ''"
    limits = f"parallel = false, max_line_size = {MAX_LINE}, buffer_size = {4 * MAX_LINE}, new_line = '\\n'"
    source = f"read_csv({literal(str(text))}, {options}, {limits}, columns = {{{columns}}})"
    chosen = ", ".join(quoted(name) for name in kinds)
    database.execute(
        f"copy (select {chosen} from {source}) to {literal(str(target))} (format parquet, compression zstd)"
    )
    text.unlink()
    return number
