"""Reads Parquet files with columns of any type as text."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from formats.columns import Columns, locate
from formats.rejection import RejectedFileError
from formats.relation import Source
from sql.database import literal, quoted

_NESTED = ("STRUCT", "MAP", "UNION", "VARIANT")
_TIMESTAMPS = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
#: A time of day. DuckDB writes it as text without a check: a value that is none overruns its buffer.
_TIME_OF_DAY = re.compile(r"\bTIME(_NS)?\b(?! ZONE| WITH)")
_DAY_US = 86_400_000_000
#: Characters of an engine's message, which may quote the file.
_LONGEST_MESSAGE = 300


@contextmanager
def reading_parquet() -> Iterator[None]:
    """Rejects a file that the engine cannot read: corrupt_file, or too_large if it needs more memory than there is.

    A damaged file may need any amount of memory, so that is no failure of the job. A full disk is one.
    """
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        detail = f"reading it takes more memory than the job has: raise memoryLimit, or split it ({_first_line(error)})"
        raise RejectedFileError("too_large", detail) from error
    # An engine's message may quote bytes of the file that are no text.
    except (duckdb.Error, UnicodeDecodeError) as error:
        if "No space left" in str(error):
            raise
        raise RejectedFileError("corrupt_file", f"damaged or cut off Parquet: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:_LONGEST_MESSAGE]


def parquet_source(database: duckdb.DuckDBPyConnection, path: Path, columns: Columns) -> Source:
    """Returns how to read the file; call it within reading_parquet.

    Raises RejectedFileError: corrupt_file, missing_column, duplicate_column.
    """
    written = _top_level_names(database, path)
    described = database.execute(f"describe select * from {_scan(path)}").fetchall()
    known = [(str(row[0]), str(row[1])) for row in described]
    _check_times(database, path, [name for name, kind in known if _is_time_of_day(kind)])
    positions = locate(written, columns)
    nested = [
        f"when {quoted(known[position][0])} is not null then {literal(f'nested value in {name}')}"
        for name, found in positions.items()
        for position in found
        if _is_nested(known[position][1])
    ]
    packed = ", ".join(
        f"{quoted(label)} := {_shown(name, kind)}" for label, (name, kind) in zip(written, known, strict=True) if label
    )
    return {
        "kind": "parquet",
        "expressions": {name: [_text(*known[position]) for position in found] for name, found in positions.items()},
        "raw": f"cast(to_json(struct_pack({packed})) as varchar)",
        "malformed": f"case {' '.join(nested)} end" if nested else "cast(null as varchar)",
    }


def _scan(path: Path) -> str:
    return f"read_parquet({literal(str(path))}, hive_partitioning = false)"


def _check_times(database: duckdb.DuckDBPyConnection, path: Path, times: list[str]) -> None:
    """Raises corrupt_file if a column of `times` has a value that is no time of day."""
    if not times:
        return
    wrong = " or ".join(f"epoch_us({quoted(name)}) not between 0 and {_DAY_US}" for name in times)
    row = database.execute(f"select count(*) from {_scan(path)} where {wrong}").fetchone()
    if row and row[0]:
        raise RejectedFileError("corrupt_file", f"damaged Parquet: {row[0]} rows have times of day that are none")


def _top_level_names(database: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """Returns column names as written, because DuckDB renames those that differ only in case."""
    schema = database.execute(f"select name, num_children from parquet_schema({literal(str(path))})").fetchall()
    names: list[str] = []
    inside = 0
    for name, children in schema[1:]:
        if inside == 0:
            names.append(str(name))
        else:
            inside -= 1
        inside += children or 0
    return names


def _is_nested(kind: str) -> bool:
    return kind.endswith("]") or kind.startswith(_NESTED)


def _is_time_of_day(kind: str) -> bool:
    return not _is_nested(kind) and bool(_TIME_OF_DAY.match(kind))


def _shown(name: str, kind: str) -> str:
    """Returns SQL for the column in the raw row: only the type if it has times of day inside, which are not checked."""
    if _is_nested(kind) and _TIME_OF_DAY.search(kind):
        return f"case when {quoted(name)} is not null then {literal(kind)} end"
    return quoted(name)


def _text(name: str, kind: str) -> str:
    """Returns SQL that writes a column as a CSV file has it."""
    column = quoted(name)
    if _is_nested(kind):
        return "cast(null as varchar)"
    if kind.startswith("TIMESTAMP WITH TIME ZONE"):
        column = f"timezone('UTC', {column})"
    if kind.startswith(_TIMESTAMPS):
        moment = f"cast({column} as timestamp)"
        written = f"strftime({moment}, '%Y-%m-%d %H:%M:%S.%g')"
        return f"case when isfinite({moment}) then {written} else cast({column} as varchar) end"
    if kind in ("FLOAT", "DOUBLE") or kind.startswith("DECIMAL"):
        whole = f"abs({column}) < 1e15 and {column} = trunc({column})"
        return f"case when {whole} then cast(cast({column} as bigint) as varchar) else cast({column} as varchar) end"
    if kind == "BLOB":
        return f"coalesce(try(decode({column})), cast({column} as varchar))"
    return f"cast({column} as varchar)"
