"""A raw file on disk and its rows, numbered as ingest and quarantine number them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from formats.columns import STREAM, locate
from formats.content import BLANKS, BOM, CHUNK, Compression, Format, compression_of, format_of, unpack
from formats.csv_header import read_header
from formats.csv_records import CsvRecords
from formats.json_records import JsonRecords
from formats.rejection import RejectedFileError


@dataclass(frozen=True)
class RawFile:
    """A raw file on disk. `plain` is its content without compression; `format` is None if it cannot be read."""

    plain: Path
    compression: Compression
    format: Format | None

    def chunks(self) -> Iterator[bytes]:
        with self.plain.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


class TextRow(NamedTuple):
    """A row of a CSV or JSON file. `lines` is how many physical lines it spans."""

    user_id: str | None
    raw: str
    is_malformed: bool
    lines: int


def open_raw(path: Path, temp: Path) -> RawFile:
    """Unpacks a raw file and detects its format. `temp` is an empty folder for this file."""
    compression = compression_of(path)
    try:
        plain = unpack(path, compression, temp / "plain")
    except RejectedFileError:
        return RawFile(path, "none", None)
    try:
        return RawFile(plain, compression, format_of(plain))
    except RejectedFileError:
        return RawFile(plain, compression, None)


def body_offset(raw: RawFile) -> int:
    """Returns the offset of the first row in a CSV or JSON file."""
    if raw.format == "csv":
        return read_header(raw.plain).body
    with raw.plain.open("rb") as file:
        return len(BOM) if file.read(len(BOM)) == BOM else 0


def text_rows(raw: RawFile) -> Iterator[TextRow]:
    """Yields all rows of a CSV or JSON file."""
    with raw.plain.open("rb") as file:
        file.seek(body_offset(raw))
        yield from _json_rows(file) if raw.format == "json" else _csv_rows(raw, file)


def _json_rows(file: BinaryIO) -> Iterator[TextRow]:
    user_at = [*STREAM.all].index("user_id")
    for text, defect, values in JsonRecords(file, STREAM):
        yield TextRow(values[user_at] if values else None, text, defect is not None, 1)


def _csv_rows(raw: RawFile, file: BinaryIO) -> Iterator[TextRow]:
    names = read_header(raw.plain).names
    user_at = locate(names, STREAM)["user_id"][0]
    for text, fields, _ in CsvRecords(file):
        if fields is None or len(fields) != len(names):
            yield TextRow(None, text, True, text.count("\n") + 1)
        else:
            yield TextRow(fields[user_at].strip(BLANKS), text, False, text.count("\n") + 1)
