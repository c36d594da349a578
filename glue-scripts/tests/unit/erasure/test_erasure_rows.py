"""Finding one user's rows in a raw file of any format, and writing the file without them."""

import csv
import gzip
import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from erasure.person import Person
from erasure.raw_file import open_raw
from erasure.user_rows import rows_of
from erasure.without_rows import NO_ROWS, write_without
from formats.columns import STREAM
from formats.prepare import prepare
from formats.rejection import RejectedFileError
from sql.database import connect

HEADER = b"device_type,User_ID,track_id,listen_time\n"


class Bench:
    """Writes files to disk and removes a user from them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = connect("1GB", folder, ordered=True)
        self._files = 0

    def without(self, body: bytes, user: str, patched: Sequence[int] = ()) -> tuple[list[int], bytes]:
        """Returns the numbers of the user's rows, and the rest of the file."""
        self._files += 1
        folder = self.folder / str(self._files)
        (folder / "work").mkdir(parents=True)
        (folder / "stored").write_bytes(body)
        raw = open_raw(folder / "stored", folder / "work")
        rows = rows_of(self.database, raw, Person(user), patched)
        write_without(self.database, raw, rows, folder / "without")
        return rows, (folder / "without").read_bytes()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\n  \n"])
def test_all_other_rows_of_a_csv_file_keep_their_bytes(bench: Bench, before: bytes, end: bytes) -> None:
    kept = [b"tv, u1 ,t1,2018-11-15 10:00:00", b"", b'"t,v",u2,"t""1",x', b'tv,u2,"a\nb",y', b" ", b"u9,26x,t,26"]
    gone = [b"tv,26,t1,2018-11-15 10:00:00", b'"a\n\nb"," 26 ",t1,x', b"26,t1", b'26,"t1', b"tv,\t26,,", b"\xff,26,x,y"]
    rows = [part for pair in zip(gone, kept, strict=True) for part in pair]
    header = before + HEADER.replace(b"\n", end)
    found, left = bench.without(header + end.join([*rows, b"tv,3,t,z"]), "26")
    assert left == header + b"".join(row + end for row in kept) + b"tv,3,t,z"
    assert found == [1, 3, 4, 6, 8, 9]


def test_all_other_rows_of_a_json_file_keep_their_bytes(bench: Bench) -> None:
    gone = [
        b'{"user_id":"26","track_id":"t1"}',
        b'{"track_id":"t1" , "USER_ID" : 26}',
        b'{"user_id":" \\u0032\\u0036 "}',
        b'{"user_id":"26","track_id":',
        b'["26"]',
    ]
    kept = [
        b'{"user_id":"262","track_id":"26"}',
        b"",
        b'{"user_id":26.0}',
        b'{"note":"26"}',
        b'{"when":"2018-11-26 26:26"',
    ]
    rows = [part for pair in zip(gone, kept, strict=True) for part in pair]
    _, left = bench.without(b"\n".join(rows) + b"\n", "26")
    assert left == b"\n".join(kept) + b"\n"


def test_a_json_file_without_other_rows_can_still_be_read(bench: Bench, tmp_path: Path) -> None:
    _, left = bench.without(b'{"user_id":"26"}\n\n', "26")
    assert left == b"\n" + NO_ROWS
    (tmp_path / "left").write_bytes(left)
    assert prepare(bench.database, tmp_path / "left", STREAM, tmp_path).read == 0


@pytest.mark.parametrize("packed", ["gzip", "zstd"])
def test_the_compression_stays_and_a_second_attempt_gives_the_same_bytes(bench: Bench, packed: str) -> None:
    pack = gzip.compress if packed == "gzip" else zstandard.ZstdCompressor().compress
    body = HEADER + b"tv,26,t1,x\ntv,u1,t1,x\n"
    first, second = (bench.without(pack(body), "26")[1] for _ in range(2))
    assert first == second
    unpack = gzip.decompress if packed == "gzip" else zstandard.ZstdDecompressor().decompressobj().decompress
    assert unpack(first) == HEADER + b"tv,u1,t1,x\n"


@pytest.mark.parametrize(("kind", "user"), [("bigint", "26"), ("double", "26"), ("varchar", " 26 ")])
def test_a_parquet_file_keeps_its_schema_and_the_order_of_its_rows(bench: Bench, kind: str, user: str) -> None:
    path = bench.folder / "made.parquet"
    values = ", ".join(f"({'26' if n % 3 == 0 else n}::{kind}, 't{n}', {{'a': {n}}})" for n in range(30, 60))
    bench.database.execute(
        f"copy (select * from (values {values}) v(user_id, track_id, more)) to '{path}' (format parquet)"
        if kind != "varchar"
        else f"copy (select case when n % 3 = 0 then '{user}' else n::varchar end as user_id, 't' || n as track_id,"
        f" {{'a': n}} as more from range(30, 60) r(n)) to '{path}' (format parquet)"
    )
    bench.database.execute(f"create table made as select *, now() as listen_time from '{path}'")
    bench.database.execute(f"copy made to '{path}' (format parquet)")
    rows, left = bench.without(path.read_bytes(), "26")
    assert rows == list(range(1, 31, 3))
    path.write_bytes(left)
    found = bench.database.execute(f"select track_id, more.a from '{path}'").fetchall()
    assert found == [(f"t{n}", n) for n in range(30, 60) if n % 3]
    described = bench.database.execute(f"describe select * from '{path}'").fetchall()
    assert [row[1] for row in described[:2]] == [kind.upper(), "VARCHAR"]


def test_a_row_that_a_patch_gave_to_the_user_is_removed(bench: Bench) -> None:
    rows, left = bench.without(HEADER + b"tv,u1,t1,x\ntv,u2,t1,x\n", "26", patched=[2])
    assert (rows, left) == ([2], HEADER + b"tv,u1,t1,x\n")


@pytest.mark.parametrize("body", [b"PK\x03\x04 26", b"a,b\n26,c\n", b"\x1f\x8b26", b""])
def test_a_file_that_is_no_listing_of_rows_is_rejected(bench: Bench, body: bytes) -> None:
    with pytest.raises(RejectedFileError):
        bench.without(body, "26")


ids = st.sampled_from(["26", "u x", "a,b", 'q"u', "é", "x{1}"])


@settings(max_examples=60, deadline=None)
@given(st.lists(ids, min_size=1, max_size=8), ids, st.booleans())
def test_exactly_the_rows_of_the_user_are_removed_for_any_id(users: list[str], user: str, as_json: bool) -> None:
    def body(kept: list[str]) -> bytes:
        if as_json:
            return b"".join(
                json.dumps({"user_id": name, "track_id": "t", "listen_time": "x"}).encode() + b"\n" for name in kept
            )
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([["user_id", "track_id", "listen_time"], *([name, "t", "x"] for name in kept)])
        return text.getvalue().encode()

    with tempfile.TemporaryDirectory() as folder:
        rows, left = Bench(Path(folder)).without(body(users), user)
    kept = [name for name in users if name != user]
    assert rows == [number for number, name in enumerate(users, 1) if name == user]
    assert left == (body(kept) or NO_ROWS)
