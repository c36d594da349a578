"""Writes a raw file without some rows: same format, same compression, all other bytes as they were."""

import gzip
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

import duckdb

from erasure.raw_file import RawFile, body_offset, text_rows
from formats.content import BLANKS, CHUNK, Compression
from formats.csv_records import MAX_RECORD
from sql.database import literal

#: Content of a JSON file whose rows were all the user's. An empty file would be rejected, and its old rows would count.
NO_ROWS = b"user_id,track_id,listen_time\n"
_BLANK = BLANKS.encode()


def write_without(database: duckdb.DuckDBPyConnection, raw: RawFile, rows: Collection[int], target: Path) -> None:
    """Writes the file without these rows. The same file and rows give the same bytes."""
    if raw.format == "parquet":
        _write_parquet(database, raw.plain, rows, target)
        return
    with target.open("wb") as file, _compressed(file, raw.compression) as packed:
        kept = _copy_rows(raw, rows, packed)
        if raw.format == "json" and not kept:
            packed.write(NO_ROWS)


def _write_parquet(database: duckdb.DuckDBPyConnection, path: Path, rows: Collection[int], target: Path) -> None:
    database.execute("create or replace temp table erased as select unnest(?::bigint[]) - 1 as at", [sorted(rows)])
    scan = f"read_parquet({literal(str(path))}, file_row_number = true, hive_partitioning = false)"
    select = f"select * exclude (file_row_number) from {scan} where file_row_number not in (from erased)"
    database.execute(f"copy ({select}) to {literal(str(target))} (format parquet, compression zstd)")


def _copy_rows(raw: RawFile, rows: Collection[int], target: IO[bytes]) -> int:
    """Copies header, blank lines and all other rows; returns how many rows."""
    kept = 0
    with raw.plain.open("rb") as lines:
        target.write(lines.read(body_offset(raw)))
        for number, row in enumerate(text_rows(raw), 1):
            _copy_blank_lines(lines, target)
            kept += number not in rows
            for _ in range(row.lines):
                _copy_line(lines, None if number in rows else target)
        _copy_blank_lines(lines, target)
    return kept


def _copy_blank_lines(lines: BinaryIO, target: IO[bytes]) -> None:
    """Copies blank lines, which are no rows (formats/csv_records.py)."""
    while True:
        at = lines.tell()
        line = lines.readline(MAX_RECORD + 2)
        if not line or line.strip(_BLANK) or (len(line) == MAX_RECORD + 2 and not line.endswith(b"\n")):
            lines.seek(at)
            return
        target.write(line)


def _copy_line(lines: BinaryIO, target: IO[bytes] | None) -> None:
    """Copies one physical line of any length, or skips it if there is no target."""
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
