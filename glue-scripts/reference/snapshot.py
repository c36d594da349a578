"""Builds a reference snapshot: one row per track and one per user, from all reference files (sql/reference/)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import duckdb

from contracts.documents import BrokenReference, ReferenceSource
from formats.columns import SONGS, USERS, Columns
from formats.prepare import Prepared, prepare
from formats.rejection import RejectedFileError
from sql.database import literal, read_sql


@dataclass
class Built:
    """A snapshot in two local Parquet files. There is none if `broken` names a file."""

    tracks: Path
    users: Path
    track_count: int = 0
    user_count: int = 0
    skipped_rows: dict[str, int] = field(default_factory=dict)
    broken: list[BrokenReference] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class _Kind:
    """A kind of reference file: its view of all rows, its view of usable rows, and what a usable row needs."""

    rows: str
    usable: str
    columns: Columns
    needs: str


_SONGS = _Kind("song_rows", "usable_songs", SONGS, "a track_id and a duration_ms above 0")
_USERS = _Kind("user_rows", "usable_users", USERS, "a user_id")


def reference_version(sources: Sequence[ReferenceSource]) -> str:
    """Returns the first 16 hex digits of SHA-256 over the sorted (key, etag) of all reference files."""
    pairs = sorted((source["key"], source["etag"]) for source in sources)
    return sha256("".join(f"{key}\n{etag}\n" for key, etag in pairs).encode()).hexdigest()[:16]


def build_snapshot(
    database: duckdb.DuckDBPyConnection,
    songs: Sequence[tuple[ReferenceSource, Path]],
    users: Sequence[tuple[ReferenceSource, Path]],
    temp: Path,
) -> Built:
    """Builds the snapshot from local copies of the files, each list in order of the keys. `database` keeps order.

    A file is broken if it cannot be read, lacks a column or has no usable row. Then there is no snapshot.
    """
    database.execute(read_sql("reference", "values"))
    built = Built(temp / "tracks.parquet", temp / "users.parquet")
    selects = {
        _SONGS: _select_files(database, _SONGS, songs, temp, built),
        _USERS: _select_files(database, _USERS, users, temp, built),
    }
    if built.broken:
        return built
    for kind, select in selects.items():
        _define(database, kind, select)
    built.track_count = _write(database, "tracks", built.tracks)
    built.user_count = _write(database, "users", built.users)
    return built


def _select_files(
    database: duckdb.DuckDBPyConnection,
    kind: _Kind,
    files: Sequence[tuple[ReferenceSource, Path]],
    temp: Path,
    built: Built,
) -> str:
    """Returns the SELECT for the rows of all files of a kind; records skipped rows and broken files in `built`."""
    selects: list[str] = []
    for number, (source, path) in enumerate(files):
        folder = temp / f"{kind.rows}-{number}"
        folder.mkdir()
        try:
            prepared = prepare(database, path, kind.columns, folder)
            select = f"select *, {number} as file_number from ({prepared.rows.select(kind.columns, numbered=True)})"
            built.skipped_rows[source["key"]] = _count_skipped(database, kind, prepared, select)
        except RejectedFileError as error:
            built.broken.append({"key": source["key"], "version_id": source["version_id"], "reason": error.reason})
            continue
        selects.append(select)
    return " union all ".join(selects)


def _define(database: duckdb.DuckDBPyConnection, kind: _Kind, select: str) -> None:
    database.execute(f"create or replace temp view {kind.rows} as {select}")
    database.execute(f"create or replace temp view {kind.usable} as {read_sql('reference', kind.usable)}")


def _count_skipped(database: duckdb.DuckDBPyConnection, kind: _Kind, prepared: Prepared, select: str) -> int:
    _define(database, kind, select)
    row = database.execute(f"select count(*) from {kind.usable}").fetchone()
    usable = int(row[0]) if row else 0
    if usable == 0:
        raise RejectedFileError("no_usable_row", f"none of the {prepared.read} rows has {kind.needs}")
    return prepared.read - usable


def _write(database: duckdb.DuckDBPyConnection, name: str, target: Path) -> int:
    row = database.execute(
        f"copy ({read_sql('reference', name)}) to {literal(str(target))} (format parquet, compression zstd)"
    ).fetchone()
    return int(row[0]) if row else 0
