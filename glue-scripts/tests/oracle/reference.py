"""songs and users: which rows are usable, and which of several rows represents a track or user."""

import re

from oracle.model import BLANKS, Row, Track, utf8
from oracle.reading import read_rows
from oracle.reading_columns import RejectedError

SONG_COLUMNS = {"id", "track_id", "artists", "track_name", "popularity", "duration_ms", "track_genre"}
USER_COLUMNS = {"user_id", "user_country"}
#: Characters of track_name and artists, and of genre and country. Longer texts are cut.
LONGEST_NAME = 1024
LONGEST_GROUP = 256


def _rows(files: list[tuple[str, bytes]], columns: set[str], required: tuple[str, ...]) -> list[dict[str, str]]:
    """Returns the rows of all readable files, by key of the file, then in their order. A broken file is left out."""
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
    """Returns a sort key: popularity desc (missing last), genre (missing last), id as a number (missing last)."""
    popularity, number, genre = _number(row["popularity"]), _number(row["id"]), _genre(row)
    return (
        (popularity is None, -(popularity or 0)),
        (genre == "", utf8(genre)),
        (number is None, number or 0),
    )


def cut(text: str, longest: int) -> str:
    """Returns the text with at most `longest` characters; `…` is the last one of a text that was longer."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _genre(row: dict[str, str]) -> str:
    return row["track_genre"].strip(BLANKS).lower()


def tracks(files: list[tuple[str, bytes]]) -> dict[str, Track]:
    """Returns one track per track_id. Rows without a track_id or a positive duration_ms are left out."""
    best: dict[str, dict[str, str]] = {}
    for row in _rows(files, SONG_COLUMNS, ("track_id", "duration_ms")):
        track_id = row["track_id"].strip(BLANKS)
        if not track_id or (_number(row["duration_ms"]) or 0) <= 0:
            continue
        if track_id not in best or _rank(row) < _rank(best[track_id]):
            best[track_id] = row
    return {track_id: _track(track_id, row) for track_id, row in best.items()}


def _track(track_id: str, row: dict[str, str]) -> Track:
    return Track(
        track_id,
        cut(row["track_name"], LONGEST_NAME),
        cut(row["artists"], LONGEST_NAME),
        _number(row["duration_ms"]) or 0,
        cut(_genre(row) or "unknown", LONGEST_GROUP),
    )


def artists_of(track: Track) -> list[str]:
    """Returns every credited artist once, as written. A blank name credits nobody."""
    return list(dict.fromkeys(name for name in track.artists.split(";") if name.strip(BLANKS)))


def countries(files: list[tuple[str, bytes]]) -> dict[str, str]:
    """Returns each user's country: the last row of a repeated id counts, a blank country is `unknown`."""
    found = {}
    for row in _rows(files, USER_COLUMNS, ("user_id",)):
        country = row["user_country"].strip(BLANKS) or "unknown"
        found[row["user_id"].strip(BLANKS)] = cut(country, LONGEST_GROUP)
    found.pop("", None)
    return found
