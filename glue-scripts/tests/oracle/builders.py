"""Small inputs for the oracle's own tests: every row is one line."""

from datetime import datetime, timezone
from typing import Any

from oracle import Export, InputFile, evaluate

MODIFIED = datetime(2018, 11, 20, 12, tzinfo=timezone.utc)
HEADER = "user_id,track_id,listen_time,event_id,ms_played,completed,device_type"
#: Tracks a, b, c last 100, 200 and 300 s; rock, rock and jazz.
SONGS = (
    "id,track_id,artists,track_name,popularity,duration_ms,track_genre\n"
    "1,a,Ann,Song a,5,100000,Rock\n2,b,Ann;Bob,Song b,5,200000,rock\n3,c,Cy,Song c,5,300000,jazz\n"
)
USERS = "user_id,user_name,user_age,user_country,created_at\nu,U,1,DE,x\nv,V,1,,x\nw,W,1,US,x\n"


def stream(*lines: str, key: str = "streams/a.csv", version: int = 1, header: str = HEADER) -> InputFile:
    """Returns a CSV file; rows may leave out trailing fields."""
    fields = header.count(",")
    rows = [line + "," * (fields - line.count(",")) for line in lines]
    return InputFile(key, "\n".join([header, *rows]).encode(), MODIFIED, version)


def raw(body: bytes, key: str = "streams/a.csv") -> InputFile:
    """Returns a file of exactly these bytes."""
    return InputFile(key, body, MODIFIED)


def run(*files: InputFile, songs: str = SONGS, users: str = USERS) -> Export:
    """Returns the export of these files."""
    return evaluate(list(files), [("songs.csv", songs.encode())], [("users.csv", users.encode())])


def lines(export: Export, name: str, **keys: Any) -> list[dict[str, Any]]:
    """Returns the lines of one exported file that have these keys."""
    return [line for line in export.lines[name] if all(line[key] == value for key, value in keys.items())]


def reasons(export: Export) -> list[tuple[str, str]]:
    """Returns (reason, raw) of every quarantined row."""
    return [(line["reason"], line["raw"]) for line in export.lines["quarantine"]]
