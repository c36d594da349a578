"""One file, from its bytes to rows that SQL can validate."""

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
from formats.relation import Source, lines, select_rows
from sql.database import literal


@dataclass(frozen=True)
class Prepared:
    """What a readable file is. `rows` is the local file that `source` reads: the unpacked one, or a prepared one."""

    format: Format
    compression: Compression
    read: int
    source: Source
    rows: Path


def prepare(
    database: duckdb.DuckDBPyConnection, path: Path, columns: Columns, temp: Path, rewrite: bool = False
) -> Prepared:
    """Tells what `path` is and how its rows are to be read; where SQL alone cannot, writes them to a prepared file.

    `database` keeps insertion order; `temp` is an empty folder of this file's own. `rewrite` asks for the prepared
    file in any case (the Spark engine reads nothing else). Raises RejectedFileError, codes in formats/rejection.py.
    """
    compression = compression_of(path)
    plain = unpack(path, compression, temp / "plain")
    form = format_of(plain)
    if form == "parquet":
        return _prepare_parquet(database, plain, compression, columns, temp)
    if form == "json":
        prepared = _written(database, form, compression, _json_rows(plain, columns), columns, temp)
    else:
        prepared = _prepare_csv(database, plain, compression, columns, temp)
    return _rewritten(database, prepared, columns, temp) if rewrite else prepared


def reopen(source: Source, path: Path, temp: Path) -> Path:
    """The local file that `source` reads, from the object as it was stored (kind prepared: the prepared object)."""
    return path if source["kind"] == "prepared" else unpack(path, compression_of(path), temp / "plain")


def _prepare_parquet(
    database: duckdb.DuckDBPyConnection, plain: Path, compression: Compression, columns: Columns, temp: Path
) -> Prepared:
    """Read once and written anew: what is damaged may read otherwise the next time, and no damage may reach a validate."""
    with reading_parquet():
        source = parquet_source(database, plain, columns)
        target = temp / "prepared.parquet"
        read = _copy(database, select_rows(source, plain, columns, numbered=True), target)
    return Prepared("parquet", compression, read, {"kind": "prepared"}, target)


def _prepare_csv(
    database: duckdb.DuckDBPyConnection, plain: Path, compression: Compression, columns: Columns, temp: Path
) -> Prepared:
    header = read_header(plain)
    places = locate(header.names, columns)
    blanks = plain_blanks(plain, header)
    if blanks is None:
        return _written(database, "csv", compression, _csv_rows(plain, header, places, columns), columns, temp)
    counted = database.execute(f"select count(*) from ({lines(plain, header.lines, False)})").fetchone()
    source: Source = {
        "kind": "lines",
        "fields": len(header.names),
        "skip": header.lines,
        "places": places,
        "blanks": blanks,
    }
    return Prepared("csv", compression, int(counted[0]) if counted else 0, source, plain)


def _csv_rows(plain: Path, header: Header, places: dict[str, list[int]], columns: Columns) -> Iterator[Row]:
    wanted = [(places.get(name, []), "" if name in columns.as_written else BLANKS) for name in columns.all]
    expected = len(header.names)
    with plain.open("rb") as file:
        file.seek(header.body)
        for raw, fields, defect in CsvRecords(file):
            if fields is None:
                yield raw, defect, ()
            elif len(fields) != expected:
                yield raw, f"expected {expected} fields, found {len(fields)}", ()
            else:
                yield (
                    raw,
                    None,
                    [next((v for p in found if (v := fields[p].strip(ends))), None) for found, ends in wanted],
                )


def _json_rows(plain: Path, columns: Columns) -> Iterator[Row]:
    with plain.open("rb") as file:
        if file.read(len(BOM)) != BOM:
            file.seek(0)
        yield from JsonRecords(file, columns)


def _written(
    database: duckdb.DuckDBPyConnection,
    form: Format,
    compression: Compression,
    rows: Iterator[Row],
    columns: Columns,
    temp: Path,
) -> Prepared:
    target = temp / "prepared.parquet"
    read = write_prepared(database, rows, list(columns.all), target)
    return Prepared(form, compression, read, {"kind": "prepared"}, target)


def _rewritten(database: duckdb.DuckDBPyConnection, prepared: Prepared, columns: Columns, temp: Path) -> Prepared:
    if prepared.source["kind"] == "prepared":
        return prepared
    target = temp / "prepared.parquet"
    select = select_rows(prepared.source, prepared.rows, columns, numbered=True)
    _copy(database, select, target)
    return Prepared(prepared.format, prepared.compression, prepared.read, {"kind": "prepared"}, target)


def _copy(database: duckdb.DuckDBPyConnection, select: str, target: Path) -> int:
    row = database.execute(f"copy ({select}) to {literal(str(target))} (format parquet, compression zstd)").fetchone()
    return int(row[0]) if row else 0
