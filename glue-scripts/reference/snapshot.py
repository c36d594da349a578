"""The reference snapshot: one row per track and one per user, of all reference files together (kpis.md)."""

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
    """A snapshot in two local Parquet files; or, where `broken` names a file, none."""

    tracks: Path
    users: Path
    track_count: int = 0
    user_count: int = 0
    skipped_rows: dict[str, int] = field(default_factory=dict)
    broken: list[BrokenReference] = field(default_factory=list)


#: What makes a row of either kind usable, told apart from the rules of which row stands.
_USABLE = {
    "songs": "malformed is null and track_id <> '' and "
    "try_cast(regexp_extract(duration_ms, '^([0-9]{1,18})([.]0*)?$', 1) as bigint) > 0",
    "users": "malformed is null and user_id <> ''",
}


def reference_version(sources: Sequence[ReferenceSource]) -> str:
    """First 16 hex digits of SHA-256 over the sorted (key, etag) of all reference files."""
    pairs = sorted((source["key"], source["etag"]) for source in sources)
    return sha256("".join(f"{key}\n{etag}\n" for key, etag in pairs).encode()).hexdigest()[:16]


def build_snapshot(
    database: duckdb.DuckDBPyConnection,
    songs: Sequence[tuple[ReferenceSource, Path]],
    users: Sequence[tuple[ReferenceSource, Path]],
    temp: Path,
) -> Built:
    """Builds the snapshot of local copies of the files, each list in order of the keys. `database` keeps order.

    A file that cannot be read, lacks a column or has no usable row is broken, and then there is no snapshot.
    """
    built = Built(temp / "tracks.parquet", temp / "users.parquet")
    selects = {
        "songs": _usable_rows(database, "songs", SONGS, songs, temp, built),
        "users": _usable_rows(database, "users", USERS, users, temp, built),
    }
    if built.broken:
        return built
    database.execute(f"create or replace temp view song_rows as {selects['songs']}")
    database.execute(f"create or replace temp view user_rows as {selects['users']}")
    built.track_count = _write(database, "tracks", built.tracks)
    built.user_count = _write(database, "users", built.users)
    return built


def _usable_rows(
    database: duckdb.DuckDBPyConnection,
    kind: str,
    columns: Columns,
    found: Sequence[tuple[ReferenceSource, Path]],
    temp: Path,
    built: Built,
) -> str:
    """The rows of all files of a kind as one SELECT; counts the rows that are skipped, and records broken files."""
    selects: list[str] = []
    for number, (source, path) in enumerate(found):
        place = temp / f"{kind}-{number}"
        place.mkdir()
        try:
            prepared = prepare(database, path, columns, place)
            select = prepared.rows.select(columns, numbered=True)
            built.skipped_rows[source["key"]] = _skipped(database, kind, prepared, select)
        except RejectedFileError as error:
            built.broken.append({"key": source["key"], "version_id": source["version_id"], "reason": error.reason})
            continue
        selects.append(f"select *, {number} as file_number from ({select})")
    return " union all ".join(selects)


def _skipped(database: duckdb.DuckDBPyConnection, kind: str, prepared: Prepared, select: str) -> int:
    row = database.execute(f"select count(*) from ({select}) where {_USABLE[kind]}").fetchone()
    usable = int(row[0]) if row else 0
    if usable == 0:
        needed = "a track_id and a duration_ms above 0" if kind == "songs" else "a user_id"
        raise RejectedFileError("no_usable_row", f"none of the {prepared.read} rows has {needed}")
    return prepared.read - usable


def _write(database: duckdb.DuckDBPyConnection, name: str, target: Path) -> int:
    row = database.execute(
        f"copy ({read_sql('reference', name)}) to {literal(str(target))} (format parquet, compression zstd)"
    ).fetchone()
    return int(row[0]) if row else 0
