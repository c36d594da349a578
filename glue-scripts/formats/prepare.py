"""Prepares one file: from its bytes to rows that SQL reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from formats.columns import Columns, locate
from formats.content import BLANKS, BOM, Compression, Format, compression_of, format_of, unpack
from formats.csv_header import Header, plain_blanks, read_header
from formats.csv_records import CsvRecords
from formats.json_records import JsonRecords, Row
from formats.parquet_source import parquet_source, reading_parquet
from formats.prepared import write_prepared
from formats.relation import FileRows, Source, lines, select_rows
from sql.database import literal


@dataclass(frozen=True)
class Prepared:
    """A readable file. `rows` reads the unpacked file, or the prepared file if it has one."""

    format: Format
    compression: Compression
    read: int
    rows: FileRows


def prepare(database: duckdb.DuckDBPyConnection, path: Path, columns: Columns, temp: Path) -> Prepared:
    """Detects format and compression of `path` and makes its rows readable for SQL, by a prepared file if needed.

    `database` keeps insertion order; `temp` is an empty folder for this file. Raises RejectedFileError.
    """
    compression = compression_of(path)
    plain = unpack(path, compression, temp / "plain")
    form = format_of(plain)
    if form == "parquet":
        read, rows = _parquet_rows(database, plain, columns, temp)
    elif form == "json":
        read, rows = _write(database, _json_records(plain, columns), columns, temp)
    else:
        read, rows = _csv_rows(database, plain, columns, temp)
    return Prepared(form, compression, read, rows)


def reopen(source: Source, path: Path, temp: Path) -> FileRows:
    """Returns the rows of an object as it was stored; for kind prepared that is the prepared object."""
    plain = path if source["kind"] == "prepared" else unpack(path, compression_of(path), temp / "plain")
    return FileRows(source, plain)


def _parquet_rows(
    database: duckdb.DuckDBPyConnection, plain: Path, columns: Columns, temp: Path
) -> tuple[int, FileRows]:
    """Reads the file once and writes it anew, because a damaged file may read differently the next time."""
    target = temp / "prepared.parquet"
    with reading_parquet():
        select = select_rows(parquet_source(database, plain, columns), plain, columns, numbered=True)
        copy = f"copy ({select}) to {literal(str(target))} (format parquet, compression zstd)"
        copied = database.execute(copy).fetchone()
    return int(copied[0]) if copied else 0, FileRows({"kind": "prepared"}, target)


def _csv_rows(database: duckdb.DuckDBPyConnection, plain: Path, columns: Columns, temp: Path) -> tuple[int, FileRows]:
    header = read_header(plain)
    positions = locate(header.names, columns)
    blanks = plain_blanks(plain, header)
    if blanks is None:
        return _write(database, _csv_records(plain, header, positions, columns), columns, temp)
    counted = database.execute(f"select count(*) from ({lines(plain, header.lines, False)})").fetchone()
    source: Source = {
        "kind": "lines",
        "fields": len(header.names),
        "skip": header.lines,
        "positions": positions,
        "blanks": blanks,
    }
    return int(counted[0]) if counted else 0, FileRows(source, plain)


def _csv_records(plain: Path, header: Header, positions: dict[str, list[int]], columns: Columns) -> Iterator[Row]:
    wanted = [(positions.get(name, []), "" if name in columns.as_written else BLANKS) for name in columns.all]
    expected = len(header.names)
    with plain.open("rb") as file:
        file.seek(header.body)
        for raw, fields, defect in CsvRecords(file):
            if fields is None:
                yield raw, defect, ()
            elif len(fields) != expected:
                yield raw, f"expected {expected} fields, found {len(fields)}", ()
            else:
                values = [next((v for p in found if (v := fields[p].strip(ends))), None) for found, ends in wanted]
                yield raw, None, values


def _json_records(plain: Path, columns: Columns) -> Iterator[Row]:
    with plain.open("rb") as file:
        if file.read(len(BOM)) != BOM:
            file.seek(0)
        yield from JsonRecords(file, columns)


def _write(
    database: duckdb.DuckDBPyConnection, rows: Iterator[Row], columns: Columns, temp: Path
) -> tuple[int, FileRows]:
    target = temp / "prepared.parquet"
    return write_prepared(database, rows, list(columns.all), target), FileRows({"kind": "prepared"}, target)
