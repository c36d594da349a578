"""Good files to mutate, in every format, and the reference data that they refer to."""

import gzip
from dataclasses import dataclass
from random import Random

import zstandard
from oracle.hostile_files import csv_file, json_file, parquet_file
from oracle.hostile_rows import BASE, Play, Texts, make_plays, spoil, texts_of
from oracle.hostile_world import World, make_world
from oracle.model import DAY, OPTIONAL, REQUIRED
from oracle.values import iso_millis

FORMS = ("csv", "csv", "quoted csv", "quoted csv", "json", "json", "parquet", "typed parquet", "nested parquet")
#: Users and a track that no mutated file names, so that no mutation changes their KPIs.
NEIGHBOUR_USERS = ("neighbour-one", "neighbour-two", "neighbour-three")
NEIGHBOUR_TRACK = "T-of-the-neighbours"


@dataclass(frozen=True)
class Corpus:
    """The reference data and a pool of listens, the same for the same seed."""

    world: World
    plays: list[Play]
    neighbours: dict[str, bytes]


def make_corpus(seed: int) -> Corpus:
    """Makes reference data with the neighbours' users and track, and three neighbours, one of each format."""
    rng = Random(f"corpus {seed}")
    world = make_world(rng)
    plays = make_plays(rng, world)
    songs = world.songs.replace(b"\r\n", b"\n")
    header = songs.removeprefix(b"\xef\xbb\xbf").split(b"\n")[0].replace(b'"', b"").decode().split(",")
    own = {"track_id": NEIGHBOUR_TRACK, "duration_ms": "200000", "track_genre": "neighbourly", "artists": "N"}
    song = ",".join(own.get(name, "") for name in header).encode()
    users_header = world.users.removeprefix(b"\xef\xbb\xbf").split(b"\n")[0].strip().replace(b'"', b"")
    user_columns = users_header.decode().split(",")
    users = [",".join({"user_id": user}.get(name, "") for name in user_columns) for user in NEIGHBOUR_USERS]
    known = World(
        songs.rstrip(b"\n") + b"\n" + song + b"\n",
        world.users.replace(b"\r\n", b"\n").rstrip(b"\n") + b"\n" + "\n".join(users).encode() + b"\n",
        world.track_ids,
        world.user_ids,
    )
    return Corpus(known, plays, _neighbours(rng))


def _neighbours(rng: Random) -> dict[str, bytes]:
    """Returns files by key; each has accepted rows, a duplicate and a quarantined row."""
    found = {}
    for number, form in enumerate(("csv", "json", "parquet")):
        rows: list[Texts] = []
        for row in range(8):
            moment = BASE + rng.randrange(2 * DAY)
            rows.append(
                {
                    "user_id": NEIGHBOUR_USERS[row % 3],
                    "track_id": NEIGHBOUR_TRACK,
                    "listen_time": iso_millis(moment),
                    "event_id": f"event {row} of neighbour {number}",
                    "ms_played": str(rng.choice([0, 29_999, 30_000, 90_000])),
                    "completed": rng.choice(["true", "false"]),
                    "device_type": "neighbouring device",
                }
            )
        rows = [*rows, rows[0], {**rows[1], "user_id": "nobody at all"}]
        columns = [*REQUIRED, *OPTIONAL]
        if form == "parquet":
            body = parquet_file(rng, rows, columns, False)
        else:
            body = (csv_file if form == "csv" else json_file)(rng, rows, columns, 0)
        found[f"streams/neighbour-{number}.{form}"] = body
    return found


def good_file(rng: Random, corpus: Corpus) -> tuple[str, bytes]:
    """Returns the form and the body of one readable file, uncompressed."""
    form = rng.choice(FORMS)
    plays = [rng.choice(corpus.plays) for _ in range(rng.choice([1, 3, 8, 20]))]
    typed = form == "typed parquet"
    rows = [texts_of(rng, play, seconds=False) for play in plays]
    columns = [*REQUIRED, *(name for name in OPTIONAL if rng.random() < 0.7)]
    if typed:
        rows = [
            {**row, "listen_time": iso_millis(play.time)[:-1].replace("T", " ")}
            for row, play in zip(rows, plays, strict=True)
        ]
        return form, parquet_file(rng, rows, columns, typed=True)
    rows = [spoil(rng, row, None) if rng.random() < 0.2 else row for row in rows]
    if form == "parquet":
        return form, parquet_file(rng, rows, columns, typed=False)
    if form == "nested parquet":
        return form, nested_parquet(rng, rows)
    if form == "json":
        return form, json_file(rng, rows, columns, 0.1)
    return form, csv_file(rng, rows, columns, 0.1 if form == "quoted csv" else 0)


def nested_parquet(rng: Random, rows: list[Texts]) -> bytes:
    """Writes Parquet with types that no CSV has: lists, structs, decimals, times with a zone, blobs, enums."""
    import tempfile
    from pathlib import Path

    import duckdb

    choices = [
        "['a', 'b']", "{'a': 1, 'b': ['c']}", "map {'a': 1}", "1.5::decimal(9, 3)", "'x'::blob", "'a'::enum_of_a",
        "timestamptz '2018-11-15 10:00:00+01'", "'infinity'::timestamp", "'nan'::double", "1e300::double",
        "date '2018-11-15'", "time '10:00:00'", "interval 1 day", "true", "170141183460469231731687303715884105727",
        "uuid()", "null", "timestamp_ns '2018-11-15 10:00:00.123456789'",
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(":memory:") as db:
        path = Path(folder) / "rows.parquet"
        db.execute("set threads = 1; set timezone = 'UTC'; create type enum_of_a as enum ('a', 'b')")
        db.execute("create table rows (user_id varchar, track_id varchar, listen_time varchar)")
        db.executemany(
            "insert into rows values (?, ?, ?)", [[row.get(name) for name in REQUIRED] for row in rows] or [[None] * 3]
        )
        select = {name: name for name in (*REQUIRED, "ms_played", "event_id", "device_type", "completed", "other")}
        for name in ("ms_played", "event_id", "device_type", "completed", "other"):
            select[name] = rng.choice(choices)
        if rng.random() < 0.5:
            select[rng.choice(REQUIRED)] = rng.choice(choices)
        wanted = ", ".join(f"{value} as {name}" for name, value in select.items())
        codec = rng.choice(["snappy", "zstd", "gzip", "uncompressed"])
        db.execute(f"copy (select {wanted} from rows) to '{path}' (format parquet, compression {codec})")
        return path.read_bytes()


def packed(rng: Random, body: bytes) -> bytes:
    """Returns the body plain, as gzip, as zstd, or packed twice."""
    kind = rng.choice(["plain"] * 12 + ["gzip", "gzip", "zstd", "zstd", "members", "twice"])
    if kind == "plain":
        return body
    if kind == "zstd":
        return zstandard.ZstdCompressor().compress(body)
    if kind == "members":
        half = len(body) // 2
        return gzip.compress(body[:half], mtime=0) + gzip.compress(body[half:], mtime=0)
    once = gzip.compress(body, mtime=0)
    return gzip.compress(once, mtime=0) if kind == "twice" else once
