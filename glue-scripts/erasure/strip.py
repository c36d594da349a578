"""Strips the user's rows from objects that the jobs wrote."""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from erasure.locations import Kind, user_metrics
from erasure.person import Person
from formats.content import BLANKS
from sql.database import literal
from storage.store import encode

#: Returns the user of a quarantined row's text by the header of its file; None if the text has none.
UserOf = Callable[[str], str | None]


@dataclass(frozen=True)
class Stripped:
    """How many rows were the user's, and the object without them (None if there were none)."""

    rows: int
    path: Path | None


NOTHING = Stripped(0, None)


def strip(
    database: duckdb.DuckDBPyConnection, kind: Kind, path: Path, person: Person, user_reader: Callable[[], UserOf]
) -> Stripped:
    """Strips the local copy `path` of an object. `user_reader` is called only if the object may name the user."""
    target = path.with_name("stripped")
    if kind in ("rows", "prepared"):
        return _strip_parquet(database, kind, path, person, target)
    if not person.may_be_in(_unzipped(path) if kind != "patches" else iter([path.read_bytes()])):
        return NOTHING
    if kind == "patches":
        return _strip_patches(path, person, target)
    if kind == "changes":
        return _strip_changes(path, person, target)
    return _strip_quarantine(path, person, target, user_reader())


def _strip_parquet(
    database: duckdb.DuckDBPyConnection, kind: Kind, path: Path, person: Person, target: Path
) -> Stripped:
    scan = f"read_parquet({literal(str(path))}, hive_partitioning = false)"
    # The id is a value and never part of a statement, because an error would show the statement.
    database.execute("create or replace temp table erased as select ?::varchar as user_id", [person.user_id])
    theirs = "(user_id is not null and user_id in (select user_id from erased))"
    if kind == "prepared":
        broken = database.execute(f"select row_number, raw from {scan} where malformed is not null").fetchall()
        numbers = [number for number, text in broken if person.is_named_in(text)]
        database.execute("create or replace temp table broken as select unnest(?::bigint[]) as row_number", [numbers])
        theirs = f"({theirs} or row_number in (select row_number from broken))"
    found = database.execute(f"select count(*) from {scan} where {theirs}").fetchone()
    if not found or not found[0]:
        return NOTHING
    database.execute(
        f"copy (select * from {scan} where not {theirs}) to {literal(str(target))} (format parquet, compression zstd)"
    )
    return Stripped(int(found[0]), target)


def _unzipped(path: Path) -> Iterator[bytes]:
    with gzip.open(path) as file:
        while chunk := file.read(1 << 20):
            yield chunk


def _strip_lines(path: Path, target: Path, is_theirs: Callable[[Any], bool]) -> Stripped:
    """Strips lines of a gzip object of JSON lines. A head that counts its lines gets the new count."""
    with gzip.open(path, "rb") as lines:
        dropped = sum(is_theirs(json.loads(line)) for line in lines)
    if not dropped:
        return NOTHING
    with (
        gzip.open(path, "rb") as lines,
        target.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=0) as out,
    ):
        for line in lines:
            found = json.loads(line)
            if found.get("kind") == "head":
                out.write(encode({**found, "changes": found["changes"] - dropped}) + b"\n")
            elif not is_theirs(found):
                out.write(line)
    return Stripped(dropped, target)


def _strip_changes(path: Path, person: Person, target: Path) -> Stripped:
    named = user_metrics()
    return _strip_lines(path, target, lambda line: line.get("metric") in named and line["dimension"] == person.user_id)


def _strip_quarantine(path: Path, person: Person, target: Path, user_of: UserOf) -> Stripped:
    def is_theirs(line: Any) -> bool:
        # A row patch may have set a user that the raw text does not name.
        if line["detail"] == f"user_id: {person.user_id}":
            return True
        user = None if line["reason"] == "malformed_row" else user_of(line["raw"])
        return person.is_named_in(line["raw"]) if user is None else user == person.user_id

    return _strip_lines(path, target, is_theirs)


def sets_user(patch: Any, person: Person) -> bool:
    """Returns whether a row patch sets the row's user to the person."""
    return str(patch.get("set", {}).get("user_id", "")).strip(BLANKS) == person.user_id


def _strip_patches(path: Path, person: Person, target: Path) -> Stripped:
    lines = [line for line in path.read_bytes().splitlines(keepends=True) if line.strip()]
    kept = [line for line in lines if not sets_user(json.loads(line), person)]
    if len(kept) == len(lines):
        return NOTHING
    target.write_bytes(b"".join(kept))
    return Stripped(len(lines) - len(kept), target)
