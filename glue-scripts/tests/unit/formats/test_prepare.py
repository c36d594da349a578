"""Detecting formats and compressions, and rejecting a file as a whole. Each body is named after its form or defect."""

import gzip
import io
from pathlib import Path

import duckdb
import pytest
import zstandard

from formats.columns import STREAM
from formats.parquet_source import reading_parquet
from formats.prepare import Prepared, prepare
from formats.rejection import RejectedFileError
from sql.database import connect

CSV = b"user_id,track_id,listen_time\nu1,t1,2018-11-15 10:00:00\nu2,t2,2018-11-15 11:00:00\n"
JSON = (
    b'{"user_id": "u1", "track_id": "t1", "listen_time": "2018-11-15 10:00:00"}\n'
    b'{"userId": 7, "user_id": "u2", "song_id": "t2", "timestamp": "2018-11-15 11:00:00"}\n'
)
ROWS = [("u1", "t1", "2018-11-15 10:00:00"), ("u2", "t2", "2018-11-15 11:00:00")]


def parquet() -> bytes:
    path = "parquet.tmp"
    with duckdb.connect() as database:
        database.execute(
            "copy (select * from (values ('u1', 't1', timestamp '2018-11-15 10:00:00'),"
            f" ('u2', 't2', timestamp '2018-11-15 11:00:00')) v(user_id, track_id, listen_time)) to '{path}'"
            " (format parquet)"
        )
    body = Path(path).read_bytes()
    Path(path).unlink()
    return body


class Reader:
    """Prepares bodies and reads their rows."""

    def __init__(self, temp: Path) -> None:
        self._temp = temp
        self.database = connect("500MB", temp, ordered=True)
        self._count = 0

    def prepare(self, body: bytes) -> Prepared:
        self._count += 1
        folder = self._temp / str(self._count)
        folder.mkdir()
        (folder / "stored").write_bytes(body)
        return prepare(self.database, folder / "stored", STREAM, folder)

    def rows(self, body: bytes, columns: str = "user_id, track_id, listen_time") -> list[object]:
        prepared = self.prepare(body)
        select = prepared.rows.select(STREAM, numbered=True)
        found = self.database.execute(f"select {columns} from ({select}) order by row_number").fetchall()
        assert prepared.read == len(found)
        return list(found)

    def rejection(self, body: bytes) -> tuple[str, str]:
        with pytest.raises(RejectedFileError) as caught:
            self.prepare(body)
        return caught.value.reason["code"], caught.value.reason["detail"]


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.chdir(tmp_path)
    return Reader(tmp_path)


@pytest.mark.parametrize("compression", ["none", "gzip", "zstd"])
@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_format_and_compression_are_detected_by_content(reader: Reader, form: str, compression: str) -> None:
    body = {"csv": CSV, "json": JSON}.get(form) or parquet()
    packed = {"gzip": gzip.compress(body), "zstd": zstandard.compress(body)}.get(compression, body)
    prepared = reader.prepare(packed)
    assert (prepared.format, prepared.compression, prepared.read) == (form, compression, 2)
    assert [row[:2] for row in reader.rows(packed)] == [row[:2] for row in ROWS]  # type: ignore[index]


def test_several_gzip_members_or_zstd_frames_are_one_file(reader: Reader) -> None:
    halves = CSV[:40], CSV[40:]
    assert reader.rows(b"".join(gzip.compress(half) for half in halves)) == ROWS
    assert reader.rows(b"".join(zstandard.compress(half) for half in halves)) == ROWS


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"\xef\xbb\xbf" + CSV, id="byte order mark"),
        pytest.param(CSV.replace(b"\n", b"\r\n"), id="crlf"),
        pytest.param(CSV.rstrip(), id="no last line end"),
        pytest.param(CSV.replace(b"\n", b"\r\n").rstrip(), id="crlf, no last line end"),
        pytest.param(CSV.replace(b"\n", b"\n\n \t\n"), id="blank lines"),
        pytest.param(b"\r\n \n" + CSV.replace(b"\n", b"\r\n\r\n"), id="blank lines, crlf"),
        pytest.param(CSV.replace(b"\nu2", b"\r\nu2"), id="mixed line ends"),
        pytest.param(CSV.replace(b"\nu1", b"\r\nu1"), id="crlf after the header only"),
        pytest.param(CSV.replace(b"user_id", b" User_ID ").replace(b"track_id", b"SONG_ID"), id="names in any case"),
        pytest.param(CSV.replace(b"user_id,track_id", b'"user_id","track_id"'), id="quoted header"),
        pytest.param(CSV.replace(b",", b" ,\t"), id="white space around fields"),
        pytest.param(CSV.replace(b"u1", b'"u1"'), id="quoted field"),
        pytest.param(JSON, id="json lines"),
        pytest.param(b"\xef\xbb\xbf" + JSON.replace(b"\n", b"\r\n\r\n"), id="json lines, bom, crlf, blank lines"),
        pytest.param(JSON.replace(b'"user_id"', b'" USER_ID "'), id="json names in any case"),
    ],
)
def test_forms_that_mean_the_same_give_the_same_rows(reader: Reader, body: bytes) -> None:
    assert reader.rows(body) == ROWS
    assert reader.rows(body, "row_number, malformed") == [(1, None), (2, None)]


def test_columns_come_in_any_order_among_unknown_ones(reader: Reader) -> None:
    body = b"x,listen_time,,x,track_id,user_id\n1,2018-11-15 10:00:00,2,3,t1,u1\n"
    assert reader.rows(body) == ROWS[:1]


def test_a_file_with_only_a_header_has_no_rows(reader: Reader) -> None:
    assert reader.prepare(b"user_id,track_id,listen_time").read == 0
    assert reader.rows(b"user_id,track_id,listen_time\r\n\r\n") == []


@pytest.mark.parametrize(
    ("body", "code", "hint"),
    [
        pytest.param(b"", "empty_file", "no bytes", id="empty"),
        pytest.param(b"\xef\xbb\xbf\r\n \n", "empty_file", "blank", id="only blank lines"),
        pytest.param(b"\n" * 100_000, "empty_file", "blank", id="very many blank lines"),
        pytest.param(gzip.compress(b""), "empty_file", "no bytes", id="empty gzip"),
        pytest.param(CSV.decode().encode("utf-16"), "not_text", "UTF-16", id="utf-16"),
        pytest.param(CSV.decode().encode("utf-16-be"), "not_text", "NUL", id="utf-16 without mark"),
        pytest.param(b"PK\x03\x04" + b"\0" * 9, "not_text", "zip", id="zip"),
        pytest.param(bytes(range(256)), "not_text", "NUL", id="binary"),
        pytest.param(CSV + b"u1,t\x001,2018-11-15 10:00:00\n", "not_text", "NUL", id="nul in a row"),
        pytest.param(CSV * 3000 + b"u1,t\x001,x\n", "not_text", "NUL", id="nul in a late row"),
        pytest.param(JSON * 3000 + b"\0\n", "not_text", "NUL", id="nul in a late json row"),
        pytest.param(b"us\xe9r_id,track_id\n", "not_text", "header", id="latin-1 header"),
        pytest.param(gzip.compress(CSV)[:-12], "corrupt_file", "gzip", id="gzip cut off"),
        pytest.param(gzip.compress(CSV) + b"trailing", "corrupt_file", "gzip", id="gzip with a tail"),
        pytest.param(zstandard.compress(CSV)[:-3], "corrupt_file", "zstd", id="zstd cut off"),
        pytest.param(zstandard.compress(CSV) + b"trailing", "corrupt_file", "zstd", id="zstd with a tail"),
        pytest.param(b"PAR1 and nothing", "corrupt_file", "Parquet", id="parquet magic alone"),
        pytest.param(b"track_id,when\nt1,1\n", "missing_column", "no column user_id, no column listen_time or", id="-"),
        pytest.param(CSV.replace(b",", b";"), "missing_column", "semicolons", id="semicolons"),
        pytest.param(CSV.replace(b",", b"\t"), "missing_column", "tabs", id="tabs"),
        pytest.param(b"hello", "missing_column", "found: 'hello'", id="prose"),
        pytest.param(b"user_id,User_ID ,track_id,listen_time\n", "duplicate_column", "user_id", id="twice"),
        pytest.param(b"user_id,track_id,timestamp,timestamp\n", "duplicate_column", "timestamp", id="alias twice"),
    ],
)
def test_a_file_that_cannot_be_read_is_rejected_as_a_whole(reader: Reader, body: bytes, code: str, hint: str) -> None:
    found, detail = reader.rejection(body)
    assert (found, hint in detail) == (code, True), detail


def test_a_damaged_parquet_file_is_rejected(reader: Reader) -> None:
    body = bytearray(parquet())
    for cut in (bytes(body[:-20]), bytes(body[: len(body) // 2])):
        assert reader.rejection(cut)[0] == "corrupt_file"
    body[4:200] = b"\xff" * 196
    assert reader.rejection(bytes(body))[0] == "corrupt_file"


def test_an_alias_counts_if_the_canonical_column_is_blank(reader: Reader) -> None:
    body = b"user_id,track_id,song_id,listen_time\nu1,,t1,x\nu1, t2 ,t9,x\nu1,,,x\n"
    assert reader.rows(body, "track_id") == [("t1",), ("t2",), ("",)]
    assert reader.rows(body + b'"u1",,t3,x\n', "track_id") == [("t1",), ("t2",), (None,), ("t3",)]


def parquet_of(select: str, tmp_path: Path) -> bytes:
    with duckdb.connect() as database:
        database.execute(f"copy ({select}) to '{tmp_path}/made.parquet' (format parquet)")
    return (tmp_path / "made.parquet").read_bytes()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("26", "26"),
        ("26.0::double", "26"),
        ("26.5::double", "26.5"),
        ("12.000::decimal(9,3)", "12"),
        ("true", "true"),
        ("timestamp '2018-11-15 21:01:46.7968'", "2018-11-15 21:01:46.796"),
        ("timestamp_ns '2018-11-15 21:01:46.796999'", "2018-11-15 21:01:46.796"),
        ("timestamptz '2018-11-15 21:01:46.796+02'", "2018-11-15 19:01:46.796"),
        ("timestamp 'infinity'", "infinity"),
        ("date '2018-11-15'", "2018-11-15"),
        ("' x '", "x"),
        ("'x'::blob", "x"),
        ("null::int", None),
    ],
)
def test_parquet_columns_of_any_type_become_text(reader: Reader, value: str, text: str, tmp_path: Path) -> None:
    body = parquet_of(f"select 'u' as user_id, 't' as track_id, {value} as Listen_Time", tmp_path)
    assert reader.rows(body, "listen_time") == [(text,)]


def test_a_raw_parquet_row_is_json_and_a_nested_value_makes_it_malformed(reader: Reader, tmp_path: Path) -> None:
    select = "select {'a': 1} as user_id, 't' as track_id, 1542276000 as ts, [1] as other, 5 as \"timestamp\""
    (row,) = reader.rows(parquet_of(select, tmp_path), "malformed, raw")
    assert row == (
        "nested value in user_id",
        '{"user_id":{"a":1},"track_id":"t","ts":1542276000,"other":[1],"timestamp":5}',
    )


def test_parquet_columns_that_differ_in_case_only_are_rejected(reader: Reader) -> None:
    buffer = io.BytesIO(parquet())
    # DuckDB cannot write such a file: `listen_time` renamed in place, as other writers may have done.
    body = buffer.getvalue().replace(b"track_id", b"USER_ID\x20")
    code, _ = reader.rejection(body)
    assert code in ("duplicate_column", "missing_column")


def test_a_parquet_file_that_needs_more_memory_than_there_is_is_rejected_as_too_large() -> None:
    with pytest.raises(RejectedFileError) as rejected, reading_parquet():
        raise duckdb.OutOfMemoryException("Out of Memory Error: failed to allocate data")
    assert rejected.value.reason["code"] == "too_large"
    assert "memoryLimit" in rejected.value.reason["detail"]


def test_a_full_disk_does_not_reject_a_parquet_file() -> None:
    with pytest.raises(duckdb.IOException), reading_parquet():
        raise duckdb.IOException('IO Error: Could not write file "x": No space left on device')
