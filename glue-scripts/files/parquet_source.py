"""Parquet files of any column types, read as text."""

from pathlib import Path

import duckdb

from files.columns import Columns, locate
from files.database import literal, quoted
from files.refusal import RefusedFileError
from files.relation import Source

_NESTED = ("STRUCT", "MAP", "UNION", "VARIANT")
_TIMESTAMPS = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")


def parquet_source(database: duckdb.DuckDBPyConnection, path: Path, columns: Columns) -> tuple[Source, int]:
    """How to read the file, and its number of rows. Raises corrupt_file, missing_column, duplicate_column."""
    try:
        written = _top_level_names(database, path)
        described = database.execute(f"describe select * from {_scan(path)}").fetchall()
        read = _read_through(database, path)
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise RefusedFileError("corrupt_file", f"damaged or cut off Parquet: {first}") from error
    places = locate(written, columns)
    known = [(row[0], str(row[1])) for row in described]
    nested = [
        f"when {quoted(known[place][0])} is not null then {literal(f'nested value in {name}')}"
        for name, found in places.items()
        for place in found
        if _is_nested(known[place][1])
    ]
    packed = ", ".join(
        f"{quoted(label)} := {quoted(name)}" for label, (name, _) in zip(written, known, strict=True) if label
    )
    return {
        "kind": "parquet",
        "expressions": {name: [_text(*known[place]) for place in found] for name, found in places.items()},
        "raw": f"cast(to_json(struct_pack({packed})) as varchar)",
        "malformed": f"case {' '.join(nested)} end" if nested else "cast(null as varchar)",
    }, read


def _scan(path: Path) -> str:
    return f"read_parquet({literal(str(path))}, hive_partitioning = false)"


def _read_through(database: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Reads every value once, so that damage shows here and not in the middle of judging."""
    row = database.execute(f"select count(*), bit_xor(hash(r)) from {_scan(path)} r").fetchone()
    return int(row[0]) if row else 0


def _top_level_names(database: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """Column names as written: DuckDB renames those that differ only in case."""
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


def _text(name: str, kind: str) -> str:
    """SQL that writes a column as a CSV file would have it."""
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
