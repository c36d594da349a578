"""The user's rows in a raw file, and the file without them: same format, same compression, all else byte for byte.

Rows are numbered as ingest and quarantine number them. A row is the user's if its user_id is, as it stands or as a
person patched it; a row without values if one of its fields is the id.
"""

import gzip
import io
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, NamedTuple, cast

import duckdb

from erasure.person import Person
from formats.columns import STREAM, locate
from formats.content import BLANKS, BOM, CHUNK, Compression, Format, compression_of, format_of, unpack
from formats.csv_header import read_header
from formats.csv_records import MAX_RECORD, CsvRecords, split
from formats.json_records import JsonRecords
from formats.parquet_source import parquet_source, reading_parquet
from formats.rejection import RejectedFileError
from formats.relation import select_rows
from sql.database import literal

#: What is left of a JSON file that had no other rows: an empty file would be rejected, and then the old rows stood on.
NO_ROWS = b"user_id,track_id,listen_time\n"
_BLANK = BLANKS.encode()


@dataclass(frozen=True)
class RawFile:
    """A raw file on disk. `plain` is it without its compression; `format` is None where it cannot be read."""

    plain: Path
    compression: Compression
    format: Format | None

    def chunks(self) -> Iterator[bytes]:
        with self.plain.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


class _Row(NamedTuple):
    user_id: str | None
    raw: str
    is_malformed: bool
    #: How many physical lines it takes up.
    lines: int


def open_raw(path: Path, temp: Path) -> RawFile:
    """`temp` is an empty folder of this file's own."""
    compression = compression_of(path)
    try:
        plain = unpack(path, compression, temp / "plain")
    except RejectedFileError:
        return RawFile(path, "none", None)
    try:
        return RawFile(plain, compression, format_of(plain))
    except RejectedFileError:
        return RawFile(plain, compression, None)


def rows_of(database: duckdb.DuckDBPyConnection, raw: RawFile, person: Person, patched: Collection[int]) -> list[int]:
    """Numbers of the user's rows, ascending. `patched` are rows whose user_id a person set to the user's.

    Raises RejectedFileError where the file cannot be read as a listing of rows.
    """
    if raw.format is None:
        raise RejectedFileError("not_text", "the file is none of the three formats")
    if raw.format == "parquet":
        return _rows_in_parquet(database, raw.plain, person, patched)
    if not patched and not person.may_be_in(raw.chunks(), escapes=raw.format == "json"):
        return []
    return [number for number, row in enumerate(_rows(raw), 1) if number in patched or _is_of(person, row)]


def write_without(database: duckdb.DuckDBPyConnection, raw: RawFile, rows: Collection[int], target: Path) -> None:
    """Writes the file without these rows. The same file and rows give the same bytes."""
    if raw.format == "parquet":
        database.execute("create or replace temp table erased as select unnest(?::bigint[]) - 1 as at", [sorted(rows)])
        scan = f"read_parquet({literal(str(raw.plain))}, file_row_number = true, hive_partitioning = false)"
        select = f"select * exclude (file_row_number) from {scan} where file_row_number not in (from erased)"
        database.execute(f"copy ({select}) to {literal(str(target))} (format parquet, compression zstd)")
        return
    with target.open("wb") as file, _compressed(file, raw.compression) as packed:
        kept = 0
        with raw.plain.open("rb") as lines:
            packed.write(lines.read(_body_of(raw)))
            for number, row in enumerate(_rows(raw), 1):
                _copy_blank_lines(lines, packed)
                kept += number not in rows
                for _ in range(row.lines):
                    _copy_line(lines, None if number in rows else packed)
            _copy_blank_lines(lines, packed)
        if raw.format == "json" and not kept:
            packed.write(NO_ROWS)


def user_reader(raw: RawFile) -> Callable[[str], str | None]:
    """Tells from a quarantined row's text whose it is, by the header of its file; None where the text does not fit."""
    if raw.format in ("json", "parquet"):
        whole = re.compile(r"[.]0$") if raw.format == "parquet" else None

        def of_object(text: str) -> str | None:
            _, defect, values = next(iter(JsonRecords(io.BytesIO(text.encode()), STREAM)), ("", "blank", ()))
            user = None if defect else values[[*STREAM.all].index("user_id")]
            return whole.sub("", user) if whole and user else user

        return of_object
    if raw.format is None:
        raise RejectedFileError("not_text", "the file is none of the three formats")
    names = read_header(raw.plain).names
    place = locate(names, STREAM)["user_id"][0]

    def of_record(text: str) -> str | None:
        # What is left of a JSON file without other rows is a CSV header (NO_ROWS).
        fields = "a JSON object" if text.lstrip(BLANKS).startswith("{") else split(text)
        return fields[place].strip(BLANKS) if not isinstance(fields, str) and len(fields) == len(names) else None

    return of_record


def _is_of(person: Person, row: _Row) -> bool:
    return person.is_named_in(row.raw) if row.is_malformed else row.user_id == person.user_id


def _rows_in_parquet(
    database: duckdb.DuckDBPyConnection, path: Path, person: Person, patched: Collection[int]
) -> list[int]:
    # The id is a value and never part of a statement, which an error would show.
    database.execute(
        "create or replace temp table patched as select unnest(?::bigint[]) as row_number", [sorted(patched)]
    )
    with reading_parquet():
        select = select_rows(parquet_source(database, path, STREAM), path, STREAM, numbered=True)
        found = database.execute(
            f"select row_number, raw, malformed is not null from ({select}) where malformed is not null or user_id = ?"
            " or row_number in (select row_number from patched)",
            [person.user_id],
        ).fetchall()
    return sorted(
        number for number, text, malformed in found if number in patched or not malformed or person.is_named_in(text)
    )


def _body_of(raw: RawFile) -> int:
    """Where the rows begin."""
    if raw.format == "csv":
        return read_header(raw.plain).body
    with raw.plain.open("rb") as file:
        return len(BOM) if file.read(len(BOM)) == BOM else 0


def _rows(raw: RawFile) -> Iterator[_Row]:
    with raw.plain.open("rb") as file:
        if raw.format == "json":
            file.seek(_body_of(raw))
            at = [*STREAM.all].index("user_id")
            for text, defect, values in JsonRecords(file, STREAM):
                yield _Row(values[at] if values else None, text, defect is not None, 1)
            return
        header = read_header(raw.plain)
        place = locate(header.names, STREAM)["user_id"][0]
        file.seek(header.body)
        for text, fields, _ in CsvRecords(file):
            is_row = fields is not None and len(fields) == len(header.names)
            user = fields[place].strip(BLANKS) if fields is not None and is_row else None
            yield _Row(user, text, not is_row, text.count("\n") + 1)


def _copy_blank_lines(lines: BinaryIO, target: IO[bytes]) -> None:
    """Blank lines are no rows (formats/csv_records.py)."""
    while True:
        at = lines.tell()
        line = lines.readline(MAX_RECORD + 2)
        if not line or line.strip(_BLANK) or (len(line) == MAX_RECORD + 2 and not line.endswith(b"\n")):
            lines.seek(at)
            return
        target.write(line)


def _copy_line(lines: BinaryIO, target: IO[bytes] | None) -> None:
    """One physical line of any length; to nowhere where there is no target."""
    while part := lines.readline(CHUNK):
        if target is not None:
            target.write(part)
        if part.endswith(b"\n"):
            return


@contextmanager
def _compressed(file: BinaryIO, compression: Compression) -> Iterator[IO[bytes]]:
    if compression == "gzip":
        with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
            yield cast(IO[bytes], packed)
    elif compression == "zstd":
        import zstandard

        with zstandard.ZstdCompressor().stream_writer(file, closefd=False) as packed:
            yield cast("IO[bytes]", packed)
    else:
        yield file
