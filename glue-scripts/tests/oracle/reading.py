"""Bytes of a stream or reference file to rows: compression and format are told by content, columns by name."""

import gzip
import json
import tempfile
import zlib
from pathlib import Path
from typing import Any

from oracle.csv_text import BLANK_BYTES, records
from oracle.model import ALIASES, BLANKS, OPTIONAL, REQUIRED, Row

STREAM_COLUMNS = {*REQUIRED, *OPTIONAL, "duration"}
BOM = b"\xef\xbb\xbf"


class RefusedError(Exception):
    """The file cannot be read at all; the message is the reason."""


def unpacked(body: bytes) -> bytes:
    """The content of a gzip or zstd file, or the file itself."""
    try:
        if body.startswith(b"\x1f\x8b"):
            return gzip.decompress(body)
        if body.startswith(b"\x28\xb5\x2f\xfd"):
            return _unzstd(body)
    except (OSError, EOFError, zlib.error) as error:
        raise RefusedError("corrupt_file") from error
    return body


def _unzstd(body: bytes) -> bytes:
    import zstandard

    out = b""
    while body:
        frame = zstandard.ZstdDecompressor().decompressobj()
        try:
            out += frame.decompress(body)
        except zstandard.ZstdError as error:
            raise RefusedError("corrupt_file") from error
        if not frame.eof:
            raise RefusedError("corrupt_file")
        body = frame.unused_data
    return out


def canonical(name: str) -> str:
    """A column's name in any case, trimmed, with its alias resolved."""
    name = name.strip(BLANKS).lower()
    return ALIASES.get(name, name)


def _meaning(name: str) -> str:
    """Columns that say the same thing twice: `duration` is ms_played."""
    return "ms_played" if name == "duration" else name


def read_rows(body: bytes, columns: set[str] = STREAM_COLUMNS, required: tuple[str, ...] = REQUIRED) -> list[Row]:
    """All rows of a file; RefusedError where it cannot be read at all."""
    data = unpacked(body)
    if data.startswith(b"PAR1"):
        return _parquet(data, columns, required)
    data = data.removeprefix(BOM)
    text = data.lstrip(BLANK_BYTES)
    if not text:
        raise RefusedError("empty_file")
    first_line = text.split(b"\n", 1)[0]
    if b"\0" in first_line:
        raise RefusedError("not_text")
    if text.startswith(b"{"):
        return [_json_row(number, line, columns) for number, line in enumerate(_lines(text))]
    return _csv(data, columns, required)


def _check_columns(names: list[str], columns: set[str], required: tuple[str, ...]) -> None:
    known = [_meaning(name) for name in names if name in columns]
    if len(known) != len(set(known)):
        raise RefusedError("duplicate_column")
    if not set(required) <= set(known):
        raise RefusedError("missing_column")


def _csv(data: bytes, columns: set[str], required: tuple[str, ...]) -> list[Row]:
    found = records(data)
    _, head = next(found)
    try:
        names = [canonical(name.decode()) for name in head] if isinstance(head, list) else []
    except UnicodeDecodeError as error:
        raise RefusedError("not_text") from error
    _check_columns(names, columns, required)
    return [_csv_row(number, raw, fields, names) for number, (raw, fields) in enumerate(found)]


def _csv_row(number: int, raw: bytes, fields: list[bytes] | str, names: list[str]) -> Row:
    text = raw.decode(errors="replace")
    if isinstance(fields, str):
        return Row(number, text, None, fields)
    try:
        values: list[str | None] = [value.decode() for value in fields]
    except UnicodeDecodeError:
        return Row(number, text, None, "not UTF-8")
    if len(values) != len(names):
        return Row(number, text, None, f"{len(values)} fields instead of {len(names)}")
    return Row(number, text, dict(zip(names, values, strict=True)))


def _lines(text: bytes) -> list[bytes]:
    lines = (line.removesuffix(b"\r") for line in text.split(b"\n"))
    return [line for line in lines if line.strip(BLANK_BYTES)]


def _no_constants(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {"": pairs}


def _json_row(number: int, line: bytes, columns: set[str]) -> Row:
    raw = line.decode(errors="replace")
    try:
        document = json.loads(
            line.decode(),
            parse_int=str,
            parse_float=str,
            parse_constant=_no_constants,
            object_pairs_hook=_pairs,
        )
    except (ValueError, RecursionError) as error:
        return Row(number, raw, None, str(error))
    if not isinstance(document, dict):
        return Row(number, raw, None, "not an object")
    known = [(canonical(name), value) for name, value in document[""] if canonical(name) in columns]
    fields = {name: _as_text(value) for name, value in known}
    if len({_meaning(name) for name, _ in known}) != len(known):
        return Row(number, raw, None, "a column twice")
    if any(isinstance(value, (list, dict)) for _, value in known):
        return Row(number, raw, None, "a nested value")
    if any("\ud800" <= char <= "\udfff" for value in fields.values() for char in value or ""):
        return Row(number, raw, None, "half of a surrogate pair")
    return Row(number, raw, fields)


def _as_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None or isinstance(value, str) else str(value)


def _parquet(data: bytes, columns: set[str], required: tuple[str, ...]) -> list[Row]:
    """Parquet through DuckDB as a mere reader: every value as the text DuckDB writes for it."""
    import duckdb

    with tempfile.NamedTemporaryFile(suffix=".parquet") as file, duckdb.connect(":memory:") as db:
        Path(file.name).write_bytes(data)
        db.execute("set timezone = 'UTC'; set threads = 1")
        try:
            schema = db.execute("select name, num_children from parquet_schema(?)", [file.name]).fetchall()
            names = [canonical(name) for name in _top_level(schema)]
            _check_columns(names, columns, required)
            found = db.execute("select columns(*)::varchar from read_parquet(?)", [file.name]).fetchall()
        except duckdb.Error as error:
            raise RefusedError("corrupt_file") from error
    rows = [dict(zip(names, values, strict=True)) for values in found]
    return [Row(number, json.dumps(row, ensure_ascii=False), row) for number, row in enumerate(rows)]


def _top_level(schema: list[tuple[str, int | None]]) -> list[str]:
    """The names of the root's children; the schema lists the tree depth first."""
    names, at = [], 1
    while at < len(schema):
        names.append(schema[at][0])
        open_children, at = schema[at][1] or 0, at + 1
        while open_children:
            open_children += (schema[at][1] or 0) - 1
            at += 1
    return names
