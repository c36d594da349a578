"""songs and users: which rows are usable, and which of several stands."""

import re

from oracle.model import BLANKS, Row, Track, utf8
from oracle.reading import RejectedError, read_rows

SONG_COLUMNS = {"id", "track_id", "artists", "track_name", "popularity", "duration_ms", "track_genre"}
USER_COLUMNS = {"user_id", "user_country"}


def _rows(files: list[tuple[str, bytes]], columns: set[str], required: tuple[str, ...]) -> list[dict[str, str]]:
    """Rows of all readable files, by key of the file, then as they lie; a broken file is left out."""
    rows: list[Row] = []
    for _, body in sorted(files, key=lambda file: utf8(file[0])):
        try:
            rows += read_rows(body, columns, required)
        except RejectedError:
            continue
    parsed = [row.fields for row in rows if row.fields is not None]
    return [{name: fields.get(name) or "" for name in columns} for fields in parsed]


def _number(text: str) -> int | None:
    text = text.strip(BLANKS)
    return int(text) if re.fullmatch(r"-?[0-9]+", text) else None


def _rank(row: dict[str, str]) -> tuple[object, ...]:
    """Sorts the row that stands first: popularity desc, genre (missing last), id as a number (missing last)."""
    popularity, number, genre = _number(row["popularity"]), _number(row["id"]), _genre(row)
    return (
        (popularity is None, -(popularity or 0)),
        (genre == "", utf8(genre)),
        (number is None, number or 0),
    )


def _genre(row: dict[str, str]) -> str:
    return row["track_genre"].strip(BLANKS).lower()


def tracks(files: list[tuple[str, bytes]]) -> dict[str, Track]:
    """One track per track_id; rows without track_id or a positive duration_ms are no rows."""
    best: dict[str, dict[str, str]] = {}
    for row in _rows(files, SONG_COLUMNS, ("track_id", "duration_ms")):
        track_id = row["track_id"].strip(BLANKS)
        if not track_id or (_number(row["duration_ms"]) or 0) <= 0:
            continue
        if track_id not in best or _rank(row) < _rank(best[track_id]):
            best[track_id] = row
    return {track_id: _track(track_id, row) for track_id, row in best.items()}


def _track(track_id: str, row: dict[str, str]) -> Track:
    duration = _number(row["duration_ms"]) or 0
    return Track(track_id, row["track_name"], row["artists"], duration, _genre(row) or "unknown")


def artists_of(track: Track) -> list[str]:
    """Every credited artist once, as written; a blank name credits nobody."""
    return list(dict.fromkeys(name for name in track.artists.split(";") if name.strip(BLANKS)))


def countries(files: list[tuple[str, bytes]]) -> dict[str, str]:
    """user_id → country; the last row of a repeated id stands, a blank country is `unknown`."""
    found = {}
    for row in _rows(files, USER_COLUMNS, ("user_id",)):
        found[row["user_id"].strip(BLANKS)] = row["user_country"].strip(BLANKS) or "unknown"
    found.pop("", None)
    return found
