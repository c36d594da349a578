"""Reads the rows of a stream or reference file. Content decides compression and format, names decide columns."""

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


class RejectedError(Exception):
    """The file cannot be read; the message is the reason."""


def unpacked(body: bytes) -> bytes:
    """Returns the content of a gzip or zstd file, or the file itself."""
    try:
        if body.startswith(b"\x1f\x8b"):
            return gzip.decompress(body)
        if body.startswith(b"\x28\xb5\x2f\xfd"):
            return _unzstd(body)
    except (OSError, EOFError, zlib.error) as error:
        raise RejectedError("corrupt_file") from error
    return body


def _unzstd(body: bytes) -> bytes:
    import zstandard

    out = b""
    while body:
        frame = zstandard.ZstdDecompressor().decompressobj()
        try:
            out += frame.decompress(body)
        except zstandard.ZstdError as error:
            raise RejectedError("corrupt_file") from error
        if not frame.eof:
            raise RejectedError("corrupt_file")
        body = frame.unused_data
    return out


def plain(name: str) -> str:
    """Returns a column's name as it is compared: trimmed, in lower case."""
    return name.strip(BLANKS).lower()


def _by_canonical(given: dict[str, str | None]) -> dict[str, str | None]:
    """Resolves aliases. Of two names of one column the canonical one counts, unless it is blank."""
    values = dict(given)
    for alias, name in ALIASES.items():
        if alias in values:
            other = values.pop(alias)
            values[name] = values[name] if (values.get(name) or "").strip(BLANKS) else other
    return values


def read_rows(body: bytes, columns: set[str] = STREAM_COLUMNS, required: tuple[str, ...] = REQUIRED) -> list[Row]:
    """Returns all rows of a file, or raises RejectedError."""
    data = unpacked(body)
    if data.startswith(b"PAR1"):
        return _parquet(data, columns, required)
    data = data.removeprefix(BOM)
    text = data.lstrip(BLANK_BYTES)
    if not text:
        raise RejectedError("empty_file")
    if b"\0" in data:
        raise RejectedError("not_text")
    if _is_json(text):
        return [_json_row(number, line, columns) for number, line in enumerate(_lines(data))]
    return _csv(data, columns, required)


def _is_json(text: bytes) -> bool:
    """Returns whether the first line, or most lines, begin with a brace."""
    objects = [line.lstrip(BLANK_BYTES).startswith(b"{") for line in _lines(text)]
    return objects[0] or 2 * sum(objects) > len(objects)


def _check_columns(names: list[str], columns: set[str], required: tuple[str, ...]) -> None:
    known = [name for name in names if ALIASES.get(name, name) in columns]
    if len(known) != len(set(known)):
        raise RejectedError("duplicate_column")
    if not set(required) <= {ALIASES.get(name, name) for name in known}:
        raise RejectedError("missing_column")


def _csv(data: bytes, columns: set[str], required: tuple[str, ...]) -> list[Row]:
    head, _, rest = data.partition(b"\n")
    while not head.strip(BLANK_BYTES):
        head, _, rest = rest.partition(b"\n")
    try:
        head.decode()
    except UnicodeDecodeError as error:
        raise RejectedError("not_text") from error
    _, fields = next(records(head))
    written = fields if isinstance(fields, list) else head.split(b",")
    names = [plain(name.decode()) for name in written]
    _check_columns(names, columns, required)
    return [_csv_row(number, raw, fields, names) for number, (raw, fields) in enumerate(records(rest))]


def _csv_row(number: int, raw: bytes, fields: list[bytes] | str, names: list[str]) -> Row:
    text = raw.decode(errors="backslashreplace")
    if isinstance(fields, str):
        return Row(number, text, None, fields)
    values: list[str | None] = [value.decode() for value in fields]
    if len(values) != len(names):
        return Row(number, text, None, f"{len(values)} fields instead of {len(names)}")
    return Row(number, text, _by_canonical(dict(zip(names, values, strict=True))))


def _lines(text: bytes) -> list[bytes]:
    lines = (line.removesuffix(b"\r") for line in text.split(b"\n"))
    return [line for line in lines if line.strip(BLANK_BYTES)]


def _no_constants(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {"": pairs}


def _json_row(number: int, line: bytes, columns: set[str]) -> Row:
    raw = line.decode(errors="backslashreplace")
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
    given = [(plain(name), value) for name, value in document[""]]
    known = [(name, value) for name, value in given if ALIASES.get(name, name) in columns]
    fields = {name: _as_text(value) for name, value in known}
    if len(fields) != len(known):
        return Row(number, raw, None, "a column twice")
    if any(isinstance(value, (list, dict)) for _, value in known):
        return Row(number, raw, None, "a nested value")
    if any("\ud800" <= char <= "\udfff" for value in fields.values() for char in value or ""):
        return Row(number, raw, None, "half of a surrogate pair")
    return Row(number, raw, _by_canonical(fields))


def _as_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None or isinstance(value, str) else str(value)


def _parquet(data: bytes, columns: set[str], required: tuple[str, ...]) -> list[Row]:
    """Reads Parquet with DuckDB: every value as the text that DuckDB writes for it."""
    import duckdb

    with tempfile.NamedTemporaryFile(suffix=".parquet") as file, duckdb.connect(":memory:") as db:
        Path(file.name).write_bytes(data)
        db.execute("set timezone = 'UTC'; set threads = 1")
        try:
            schema = db.execute("select name, num_children from parquet_schema(?)", [file.name]).fetchall()
            names = [plain(name) for name in _top_level(schema)]
            _check_columns(names, columns, required)
            found = _decoded(db, file.name)
        except duckdb.Error as error:
            raise RejectedError("corrupt_file") from error
    rows = [dict(zip(names, values, strict=True)) for values in found]
    return [Row(number, json.dumps(row, ensure_ascii=False), _by_canonical(row)) for number, row in enumerate(rows)]


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
