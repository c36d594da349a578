"""Reading and validating files whose rows, reasons and ledgers are known."""

import gzip
import json

import pytest
import zstandard

from oracle.builders import lines, raw, reasons, run, stream
from oracle.csv_text import records

GOOD = b"user_id,track_id,listen_time\nu,a,2018-11-15 10:00:00\n"
T = "2018-11-15 10:00:00"
REST = b"\nu,a,2018-11-15 10:00:00\nv,a,2018-11-15 10:00:00\n"


def state(body: bytes) -> tuple[str, int, str | None]:
    export = run(raw(body))
    (line,) = export.lines["files"]
    return line["state"], line["read"], export.rejections.get(("streams/a.csv", 1))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\n  \r\n", "empty_file"),
        (gzip.compress(b""), "empty_file"),
        (GOOD.decode().encode("utf-16"), "not_text"),
        (b"\x89PNG\r\n\x1a\n\xff", "not_text"),
        (gzip.compress(GOOD * 99)[:-9], "corrupt_file"),
        (zstandard.ZstdCompressor().compress(GOOD * 99)[:-9], "corrupt_file"),
        (b"PAR1 is not Parquet PAR1", "corrupt_file"),
        (b"user_id,track_id\nu,a\n", "missing_column"),
        (b"user_id,track_id,listen_time,x,Track_ID\n", "duplicate_column"),
    ],
)
def test_a_file_that_cannot_be_read_is_rejected_with_its_reason(body: bytes, reason: str) -> None:
    assert state(body) == ("rejected", 0, reason)


@pytest.mark.parametrize(
    "body",
    [
        GOOD,
        b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n"),
        gzip.compress(GOOD[:20]) + gzip.compress(GOOD[20:]),
        zstandard.ZstdCompressor().compress(GOOD),
        b'"Listen_Time",x,"SONG_ID", User_Id \n"2018-11-15 10:00:00","a ""b"",c","a",u',
        b'{"timestamp": 1542276000, "song_id": "a", "User_ID": "u", "x": {"y": []}}',
        b'\n{"listen_time": "1542276000000", "song_id": "x", "track_id": " a ", "user_id": "u"}\r\n\r\n',
    ],
)
def test_every_form_of_one_row_reads_as_the_same_row(body: bytes) -> None:
    export = run(raw(body))
    assert [line["state"] for line in export.lines["files"]] == ["archived"]
    (line,) = export.lines["user_daily"]
    assert (line["user_id"], line["first_listen"]) == ("u", "2018-11-15T10:00:00.000Z")
    assert line["total_listening_ms"] == 100_000


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"u,a", "malformed_row"),
        (b"u,a,2018-11-15 10:00:00,", "malformed_row"),
        (b'"u"x,a,2018-11-15 10:00:00', "malformed_row"),
        (b'"u,a,2018-11-15 10:00:00', "malformed_row"),
        (b"u\xff,a,2018-11-15 10:00:00", "malformed_row"),
        (b",a,never", "missing_field"),
        (b",%s,never" % (b"x" * 1025), "missing_field"),
        (b"%s,nothing,never" % (b"x" * 1025), "too_long"),
        (b"u,%s,never" % ("é".encode() * 513), "too_long"),
        (b"%s,nothing,never" % (b"x" * 1024), "bad_timestamp"),
        (b"nobody,nothing,never", "bad_timestamp"),
        (b"nobody,a,1999-12-31 23:59:59.999", "timestamp_out_of_range"),
        (b"u,a,2018-11-20 13:00:00.001", "timestamp_out_of_range"),
        (b"nobody,nothing,2018-11-20 13:00:00", "unknown_user"),
        (b"u,nothing,2000-01-01 00:00:00", "unknown_track"),
        (b"\xc2\xa0u,a,2018-11-15 10:00:00", "unknown_user"),
    ],
)
def test_a_bad_row_has_its_first_reason_and_its_neighbours_are_accepted(line: bytes, reason: str) -> None:
    export = run(raw(GOOD + line + b"\r\n" + REST))
    assert reasons(export) == [(reason, line.decode(errors="backslashreplace"))]
    assert [(file["read"], file["accepted"], file["duplicate"]) for file in export.lines["files"]] == [(4, 2, 1)]


def test_the_detail_of_a_missing_field_is_its_column() -> None:
    json_line = b'{"user_id": "u", "timestamp": null, "song_id": "a"}'
    export = run(stream("u, ,", "u,a,\t", ",,"), raw(json_line, "streams/b"))
    assert [line["detail"] for line in lines(export, "quarantine", key="streams/a.csv")] == [
        "user_id",
        "track_id",
        "listen_time",
    ]
    assert [line["detail"] for line in lines(export, "quarantine", key="streams/b")] == ["listen_time"]


def test_the_detail_of_a_too_long_value_names_the_first_such_column_and_its_length() -> None:
    long_id, device = "é" * 129, "d" * 257
    rows = (
        f"u,a,{T},{'e' * 256},,,{'d' * 256}",
        f"u,a,{T},{long_id},,,{device}",
        f"u,a,{T}, {'x' * 256} ,-1,,{device}",
    )
    assert [(line["reason"], line["detail"]) for line in run(stream(*rows)).lines["quarantine"]] == [
        ("too_long", "device_type: 257 bytes"),
        ("too_long", "event_id: 258 bytes"),
    ]


def test_numbers_are_validated_after_times_and_before_users() -> None:
    rows = ("u,a,2018-11-15 10:00:00,,86400001", "x,a,2018-11-15 10:00:00,,,yes", "x,a,soon,,-1")
    assert [reason for reason, _ in reasons(run(stream(*rows)))] == ["bad_number", "bad_number", "bad_timestamp"]


@pytest.mark.parametrize("line", ["{", "[1]", "5", '{"user_id": NaN}', '{"user_id":"u","USER_ID":"v"}', "{} {}"])
def test_a_json_line_that_is_no_object_is_malformed(line: str) -> None:
    good = json.dumps({"user_id": "u", "track_id": "a", "listen_time": 1542276000})
    assert reasons(run(raw(f"{good}\n{line}\n{good}".encode()))) == [("malformed_row", line)]


def test_the_raw_text_of_a_row_is_all_of_it_but_the_line_end() -> None:
    export = run(raw(b'\xef\xbb\xbf {"user_id": "u"} \r\n\n {"track_id": "a"}'))
    assert [line for _, line in reasons(export)] == [' {"track_id": "a"}', ' {"user_id": "u"} ']


def test_an_unclosed_quote_loses_only_its_line_even_where_quotes_follow() -> None:
    found = list(records(b'a,"b\nc,d\n"e","f"\n'))
    assert found == [(b'a,"b', "text after a closing quote"), (b"c,d", [b"c", b"d"]), (b'"e","f"', [b"e", b"f"])]


def test_a_quoted_field_may_hold_line_breaks_commas_and_quotes() -> None:
    assert list(records(b'a,"b\r\n""c"",d"\r\n \r\ne,f"g')) == [
        (b'a,"b\r\n""c"",d"', [b"a", b'b\r\n"c",d']),
        (b'e,f"g', [b"e", b'f"g']),
    ]
