"""Finds the user's rows in a raw file.

A row is the user's if its user_id is, as the file or a row patch has it. A malformed row is the user's if one of its
fields is the id.
"""

import io
import re
from collections.abc import Callable, Collection
from pathlib import Path

import duckdb

from erasure.person import Person
from erasure.raw_file import RawFile, TextRow, text_rows
from formats.columns import STREAM, locate
from formats.content import BLANKS
from formats.csv_header import read_header
from formats.csv_records import split
from formats.json_records import JsonRecords
from formats.parquet_source import parquet_source, reading_parquet
from formats.rejection import RejectedFileError
from formats.relation import select_rows


def rows_of(database: duckdb.DuckDBPyConnection, raw: RawFile, person: Person, patched: Collection[int]) -> list[int]:
    """Returns the numbers of the user's rows, ascending. `patched` are rows whose user_id a patch set to the user's.

    Raises RejectedFileError if the file cannot be read as a listing of rows.
    """
    if raw.format is None:
        raise RejectedFileError("not_text", "the file is none of the three formats")
    if raw.format == "parquet":
        return _rows_in_parquet(database, raw.plain, person, patched)
    if not patched and not person.may_be_in(raw.chunks(), escapes=raw.format == "json"):
        return []
    return [number for number, row in enumerate(text_rows(raw), 1) if number in patched or _is_theirs(person, row)]


def _is_theirs(person: Person, row: TextRow) -> bool:
    return person.is_named_in(row.raw) if row.is_malformed else row.user_id == person.user_id


def _rows_in_parquet(
    database: duckdb.DuckDBPyConnection, path: Path, person: Person, patched: Collection[int]
) -> list[int]:
    # The id is a value and never part of a statement, because an error would show the statement.
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


def user_reader(raw: RawFile) -> Callable[[str], str | None]:
    """Returns a function that reads the user from a quarantined row's text, None if the text does not fit the file."""
    if raw.format is None:
        raise RejectedFileError("not_text", "the file is none of the three formats")
    return _record_reader(raw) if raw.format == "csv" else _object_reader(raw)


def _object_reader(raw: RawFile) -> Callable[[str], str | None]:
    whole = re.compile(r"[.]0$") if raw.format == "parquet" else None

    def user_of(text: str) -> str | None:
        _, defect, values = next(iter(JsonRecords(io.BytesIO(text.encode()), STREAM)), ("", "blank", ()))
        user = None if defect else values[[*STREAM.all].index("user_id")]
        return whole.sub("", user) if whole and user else user

    return user_of


def _record_reader(raw: RawFile) -> Callable[[str], str | None]:
    names = read_header(raw.plain).names
    user_at = locate(names, STREAM)["user_id"][0]

    def user_of(text: str) -> str | None:
        # A JSON file without other rows has a CSV header now (NO_ROWS), but its quarantine still has objects.
        fields = "a JSON object" if text.lstrip(BLANKS).startswith("{") else split(text)
        return fields[user_at].strip(BLANKS) if not isinstance(fields, str) and len(fields) == len(names) else None

    return user_of
