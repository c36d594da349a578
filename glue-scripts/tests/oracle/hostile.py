"""`python -m oracle.hostile SEED OUTDIR`: makes a small directory of hostile inputs, the same for the same seed.

With `--plain` no key has a correction and every file is last modified now, as `music-etl run DIR` uploads it. Otherwise
uploads.json lists the uploads in order (layout.py), and older versions of a key are in earlier/.
"""

import argparse
import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from random import Random

from oracle.hostile_files import compressed, csv_file, json_file, parquet_file
from oracle.hostile_rows import BASE, Play, Texts, make_plays, spoil, texts_of, vary
from oracle.hostile_world import World, make_world
from oracle.model import DAY, HOUR, OPTIONAL, REQUIRED, utf8
from oracle.values import iso_seconds

NAMES = (
    "a", "b b", "c+d", "e%20f", "é", "Z", "0", "10", "9", "Ａ", "𝄞", "a%2Fb", "q&r=s", "~t", "u'v", "x (1)",
)  # fmt: skip
ENDINGS = (".csv", ".csv", ".jsonl.gz", "", ".parquet")
#: In groups, so that every reason is equally frequent.
REJECTIONS = (
    ("empty", "blank", "empty gzip"),
    ("utf16", "binary", "nul"),
    ("corrupt gzip", "corrupt zstd", "corrupt parquet"),
    ("missing",),
    ("duplicate", "duplicate alias"),
)


@dataclass(frozen=True)
class Upload:
    """One version of one key."""

    key: str
    body: bytes
    last_modified: int


def rejected_body(rng: Random, kind: str) -> bytes:
    """Returns a file that cannot be read."""
    good = b"user_id,track_id,listen_time\n26,T1,2018-11-15 10:00:00\n"
    packed = gzip.compress(good * 50, mtime=0)
    bodies = {
        "empty": b"",
        "blank": b"\xef\xbb\xbf \r\n\n\t\n",
        "utf16": good.decode().encode("utf-16"),
        "binary": b"\x89PNG\r\n\x1a\n\x00\xff\xfe" + rng.randbytes(40),
        "corrupt gzip": packed[: len(packed) - rng.randrange(5, 20)],
        "corrupt zstd": b"\x28\xb5\x2f\xfd" + rng.randbytes(30),
        "corrupt parquet": b"PAR1" + rng.randbytes(60) + b"PAR1",
        "missing": b"user_id,listen_time,event_id\n26,2018-11-15 10:00:00,e1\n",
        "duplicate": b"user_id,track_id,listen_time,User_ID\n26,T1,2018-11-15 10:00:00,26\n",
        "duplicate alias": b"user_id,listen_time,song_id,Song_Id \n26,2018-11-15 10:00:00,T1,T1\n",
        "nul": good + b"26,T1,2018-11-15 \x0010:00:00\n",
        "empty gzip": gzip.compress(b"", mtime=0),
    }
    return bodies[kind]


def _parquet(rng: Random, rows: list[Texts], plays: list[Play], columns: list[str]) -> bytes:
    typed = rng.random() < 0.5 and "duration" not in columns
    if typed:
        rows = [texts_of(rng, play, seconds=False) for play in plays]
        rows = [{**row, "listen_time": _plain_time(play)} for row, play in zip(rows, plays, strict=True)]
    return parquet_file(rng, rows, columns, typed)


def _plain_time(play: Play) -> str:
    return f"{iso_seconds(play.time)[:-1]}.{play.time % 1000:03d}".replace("T", " ")


def file_body(rng: Random, pool: list[Play], form: str, latest: int | None) -> bytes:
    """Returns a readable file: rows of the pool, some repeated, varied or defective; it may end on hold."""
    plays = [rng.choice(pool) for _ in range(rng.choice([0, 1, 3, 10, 20, 40]))]
    plays += [vary(rng, play) for play in plays if rng.random() < 0.3]
    rng.shuffle(plays)
    seconds = rng.random() < 0.3
    optional = [name for name in OPTIONAL if rng.random() < 0.7]
    columns = [*REQUIRED, *(("duration" if seconds and name == "ms_played" else name) for name in optional)]
    defects = rng.choice([0, 0, 0.1, 0.3, 0.8])
    rows = [texts_of(rng, play, seconds) for play in plays]
    rows = [spoil(rng, row, latest) if rng.random() < defects else row for row in rows]
    if form == "parquet":
        return compressed(rng, _parquet(rng, rows, plays, columns))
    writer = json_file if form == "json" and rows else csv_file
    return compressed(rng, writer(rng, rows, columns, defects / 3))


def _uploads_of(rng: Random, key: str, pool: list[Play], plain: bool) -> list[Upload]:
    form = "parquet" if key.endswith(".parquet") else rng.choice(["csv", "csv", "json"])
    found: list[Upload] = []
    modified = BASE + 3 * DAY + rng.randrange(20) * HOUR
    for number in range(1 if plain else rng.choice([1, 1, 1, 2, 3])):
        modified += rng.randrange(1, 3000) * 1000
        if rng.random() < 0.15:
            body = rejected_body(rng, rng.choice(rng.choice(REJECTIONS)))
        elif number and rng.random() < 0.2:
            body = found[-1].body
        else:
            body = file_body(rng, pool, form, None if plain else modified + HOUR)
        found.append(Upload(key, body, modified))
    return found


def make(seed: int, plain: bool = False) -> tuple[World, list[Upload]]:
    """Returns the reference data and all uploads, in order."""
    rng = Random(seed)
    world = make_world(rng)
    pool = make_plays(rng, world)
    folder = "" if plain else rng.choice(["", "", "2018/11/", "deep er/"])
    keys = [
        f"streams/{rng.choice(['', folder])}{name}{rng.choice(ENDINGS)}"
        for name in rng.sample(NAMES, rng.randrange(3, 9))
    ]
    uploads = [upload for key in keys for upload in _uploads_of(rng, key, pool, plain)]
    return world, sorted(uploads, key=lambda upload: (upload.last_modified, utf8(upload.key)))


def write(seed: int, folder: Path, plain: bool = False) -> None:
    """Writes the directory of a seed."""
    world, uploads = make(seed, plain)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "songs.csv").write_bytes(world.songs)
    (folder / "users.csv").write_bytes(world.users)
    newest = {upload.key: upload for upload in uploads}
    entries = []
    for number, upload in enumerate(uploads):
        path = upload.key if newest[upload.key] is upload else f"earlier/{number:03d}"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(upload.body)
        entries.append({"key": upload.key, "path": path, "last_modified": iso_seconds(upload.last_modified)})
    if not plain:
        (folder / "uploads.json").write_text(json.dumps(entries, ensure_ascii=False, indent=1), encoding="utf-8")


def main(argv: list[str] | None = None) -> None:
    """Writes the directory that the command line names."""
    parser = argparse.ArgumentParser(prog="oracle.hostile", description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("outdir", type=Path)
    parser.add_argument("--plain", action="store_true", help="one version a key, all last modified now")
    arguments = parser.parse_args(argv)
    write(arguments.seed, arguments.outdir, arguments.plain)


if __name__ == "__main__":
    main()
