"""Reads the rows of a stream or reference file. Content decides compression and format, names decide columns."""

import gzip
import json
import zlib
from typing import Any

from oracle.csv_text import BLANK_BYTES, records
from oracle.model import ALIASES, OPTIONAL, REQUIRED, Row
from oracle.reading_columns import RejectedError, by_canonical, check_columns, plain
from oracle.reading_parquet import read_parquet

STREAM_COLUMNS = {*REQUIRED, *OPTIONAL, "duration"}
BOM = b"\xef\xbb\xbf"


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


def read_rows(body: bytes, columns: set[str] = STREAM_COLUMNS, required: tuple[str, ...] = REQUIRED) -> list[Row]:
    """Returns all rows of a file, or raises RejectedError."""
    data = unpacked(body)
    if data.startswith(b"PAR1"):
        return read_parquet(data, columns, required)
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
    check_columns(names, columns, required)
    return [_csv_row(number, raw, fields, names) for number, (raw, fields) in enumerate(records(rest))]


def _csv_row(number: int, raw: bytes, fields: list[bytes] | str, names: list[str]) -> Row:
    text = raw.decode(errors="backslashreplace")
    if isinstance(fields, str):
        return Row(number, text, None, fields)
    values: list[str | None] = [value.decode() for value in fields]
    if len(values) != len(names):
        return Row(number, text, None, f"{len(values)} fields instead of {len(names)}")
    return Row(number, text, by_canonical(dict(zip(names, values, strict=True))))


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
    return Row(number, raw, by_canonical(fields))


def _as_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None or isinstance(value, str) else str(value)
