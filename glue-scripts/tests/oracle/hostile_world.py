"""Hostile reference data: tracks that tie, repeat or have false rows, repeated users, ids that only bytes order."""

import csv
import io
from dataclasses import dataclass
from random import Random

SONG_HEADER = (
    "id,track_id,artists,album_name,track_name,popularity,duration_ms,explicit,danceability,energy,key,loudness,mode,"
    "speechiness,acousticness,instrumentalness,liveness,valence,tempo,time_signature,track_genre"
)
#: UTF-16 would put 𝄞 before Ａ, a collation é before z, and any case folding T1 beside t1.
TRACKS = ("T1", "T10", "T2", "t1", "Té", "Tz", "TＡ", "T𝄞", "T;x", 'T"q', "T,c", "0x10", "12.5", "T+%20")
USERS = ("2", "10", "26", "9", "u1", "U1", "ué", "uz", "uＡ", "u𝄞", "u x", "a,b", 'q"u', "skipper", "null")
GENRES = (" Rock ", "rock", "ROCK", "jazz", "Jazz", "", "  ", "unknown", "Élan", "élan", "zouk", "k-pop", "Ａ", "𝄞")
ARTISTS = ("A", "B", "A;B", "B;A;B", "A;;C", "Ünal;A", "D;E;F;G;H;I;J;K;L", "", ";", "AC/DC", 'The "X"', "M,N")
NAMES = ("One", "Two", "Trois é", 'He said "no"', "a, b", "")
COUNTRIES = ("US", "DE", "", "  ", "Österreich", "us", "unknown", "CÔTE, x", "𝄞", "Ａ")
#: Texts of just the allowed length, and some that are cut.
LONG_NAMES = ("n" * 1024, "n" * 1025, "é" * 1024, "é" * 1025, "𝄞" * 3000, " " * 1024 + "n")
LONG_ARTISTS = (*LONG_NAMES, "A;" * 600, "A;" + "B" * 1022, "A;" + "B" * 1023, "A" * 1023 + ";B")
LONG_GROUPS = (
    "G" * 256,
    "g" * 257,
    "G" * 257 + "h",
    "É" * 256,
    "É" * 257,
    "𝄞" * 300,
    " " * 200 + "g" * 100 + " " * 200,
)


@dataclass(frozen=True)
class World:
    """The reference data, and the ids that stream files refer to."""

    songs: bytes
    users: bytes
    track_ids: tuple[str, ...]
    user_ids: tuple[str, ...]


def _csv(columns: list[str], rows: list[dict[str, str]], rng: Random) -> bytes:
    columns = rng.sample(columns, len(columns)) if rng.random() < 0.3 else columns
    text = io.StringIO()
    quoted = rng.random() < 0.5
    dialect = csv.unix_dialect if quoted else csv.excel
    writer = csv.DictWriter(text, columns, restval="", lineterminator=rng.choice(["\n", "\r\n"]), dialect=dialect)
    writer.writeheader()
    writer.writerows(rows)
    return (b"\xef\xbb\xbf" if rng.random() < 0.2 else b"") + text.getvalue().encode()


def _song(rng: Random, track_id: str, number: int) -> dict[str, str]:
    return {
        "id": str(number) if rng.random() < 0.9 else "",
        "track_id": rng.choice(["", " "]) + track_id,
        "artists": rng.choice([*ARTISTS, rng.choice(LONG_ARTISTS)]),
        "track_name": rng.choice([*NAMES, rng.choice(LONG_NAMES)]),
        "popularity": rng.choice(["", "0", "5", "5", "50", "50", "100"]),
        "duration_ms": str(rng.choice([1, 29_999, 30_000, 180_000, 180_001, 240_000])),
        "track_genre": rng.choice([*GENRES, rng.choice(LONG_GROUPS)]),
    }


def _songs(rng: Random) -> list[dict[str, str]]:
    numbers = rng.sample(range(200), 60)
    rows = []
    for track_id in TRACKS:
        for _ in range(rng.choice([1, 1, 2, 3])):
            rows.append(_song(rng, track_id, numbers.pop()))
        if rng.random() < 0.3:
            lie = {"popularity": "100", "duration_ms": rng.choice(["", "0", "-5", "abc"])}
            rows.append({**_song(rng, track_id, numbers.pop()), **lie})
    rows.append({**_song(rng, "never", 201), "duration_ms": "0"})
    rows.append({**_song(rng, "", 202), "track_id": " "})
    rng.shuffle(rows)
    return rows


def _users(rng: Random) -> list[dict[str, str]]:
    ids = [*USERS, *rng.sample(USERS, 3), " "]
    rng.shuffle(ids)
    return [
        {
            "user_id": rng.choice(["", " "]) + user_id,
            "user_name": rng.choice(["Ann", "Bo, jr.", 'C "x"', ""]),
            "user_age": rng.choice(["30", "", "x"]),
            "user_country": rng.choice([*COUNTRIES, rng.choice(LONG_GROUPS)]),
            "created_at": "2018-10-19",
        }
        for user_id in ids
    ]


def make_world(rng: Random) -> World:
    """Makes songs.csv and users.csv, and lists the ids that a row may name."""
    users = ["user_id", "user_name", "user_age", "user_country", "created_at"]
    return World(_csv(SONG_HEADER.split(","), _songs(rng), rng), _csv(users, _users(rng), rng), TRACKS, USERS)
