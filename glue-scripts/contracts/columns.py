"""Column names that stages share: they live here and nowhere else."""

#: Columns of `validated/event_date=D/…parquet`, in order, with their DuckDB types. One row per accepted row of one
#: file version; a row's identity is its event_id, else (user_id, track_id, listen_time), and is unique in the object.
#: Texts are trimmed; an absent value is null. listen_time is UTC without zone, whole milliseconds.
ACCEPTED: dict[str, str] = {
    "event_id": "varchar",
    "user_id": "varchar",
    "track_id": "varchar",
    "listen_time": "timestamp",
    "ms_played": "bigint",
    "completed": "boolean",
    "device_type": "varchar",
}

#: Columns of `validated/event_ids/…parquet`: one row per accepted row that has an event_id.
EVENT_IDS: dict[str, str] = {"event_id": "varchar", "event_date": "date"}

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
