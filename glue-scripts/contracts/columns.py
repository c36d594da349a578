"""Column names that stages share: they live here and nowhere else."""

from typing import cast

from contracts.generated.lists import StreamColumn
from contracts.generated_data import generated_data

_DUCKDB_TYPES = {"text": "varchar", "timestamp": "timestamp", "integer": "bigint", "boolean": "boolean"}


def stream_columns() -> list[StreamColumn]:
    """Returns the columns of listening files in the order of the contract."""
    return cast(list[StreamColumn], generated_data("stream_columns"))


#: Columns of `validated/event_date=D/…parquet`, in order, with their DuckDB types. One row per accepted row of one file
#: version, without duplicates. Texts are trimmed; an absent value is null. listen_time is UTC without zone, whole
#: milliseconds. Objects from before a column was added lack it: it reads as null.
ACCEPTED: dict[str, str] = {column["name"]: _DUCKDB_TYPES[column["type"]] for column in stream_columns()}

#: Columns of `reference/snapshots/<version>/tracks.parquet`: one row per track. `artists` as written (`;` between
#: names, may be empty), `genre` trimmed and lower-cased, `unknown` where blank.
TRACKS: dict[str, str] = {
    "track_id": "varchar",
    "track_name": "varchar",
    "artists": "varchar",
    "duration_ms": "bigint",
    "genre": "varchar",
}

#: Columns of `reference/snapshots/<version>/users.parquet`: one row per user; a blank country is ''.
USERS: dict[str, str] = {"user_id": "varchar", "user_country": "varchar"}
