"""Reads Parquet: every value as the text that DuckDB writes for it."""

import json
import tempfile
from pathlib import Path
from typing import Any

from oracle.model import Row
from oracle.reading_columns import RejectedError, by_canonical, check_columns, plain


def read_parquet(data: bytes, columns: set[str], required: tuple[str, ...]) -> list[Row]:
    """Reads Parquet with DuckDB: every value as the text that DuckDB writes for it."""
    import duckdb

    with tempfile.NamedTemporaryFile(suffix=".parquet") as file, duckdb.connect(":memory:") as db:
        Path(file.name).write_bytes(data)
        db.execute("set timezone = 'UTC'; set threads = 1")
        try:
            schema = db.execute("select name, num_children from parquet_schema(?)", [file.name]).fetchall()
            names = [plain(name) for name in _top_level(schema)]
            check_columns(names, columns, required)
            found = _decoded(db, file.name)
        except duckdb.Error as error:
            raise RejectedError("corrupt_file") from error
    rows = [dict(zip(names, values, strict=True)) for values in found]
    return [Row(number, json.dumps(row, ensure_ascii=False), by_canonical(row)) for number, row in enumerate(rows)]


def _decoded(db: Any, path: str) -> list[tuple[str | None, ...]]:
    """Returns every value as the text that DuckDB writes; whole floating-point numbers lose their `.0`."""
    kinds = db.execute("describe select * from read_parquet(?)", [path]).fetchall()
    floats = {at for at, (_, kind, *_) in enumerate(kinds) if kind in ("FLOAT", "DOUBLE")}
    rows = db.execute("select columns(*)::varchar from read_parquet(?)", [path]).fetchall()
    return [
        tuple(value.removesuffix(".0") if value and at in floats else value for at, value in enumerate(row))
        for row in rows
    ]


def _top_level(schema: list[tuple[str, int | None]]) -> list[str]:
    """Returns the names of the root's children; the schema lists the tree depth first."""
    names, at = [], 1
    while at < len(schema):
        names.append(schema[at][0])
        open_children, at = schema[at][1] or 0, at + 1
        while open_children:
            open_children += (schema[at][1] or 0) - 1
            at += 1
    return names
