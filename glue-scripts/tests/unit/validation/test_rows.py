"""Each reason for which a row is quarantined, and the accepted forms of values (kpis.md, 3 and 4)."""

import json

import pytest
from support.world import World

GOOD = "u1,t1,2018-11-15 10:00:00"


@pytest.fixture(params=["lines", "records"])
def known(request: pytest.FixtureRequest, known: World) -> World:
    """The same rows, split at commas by SQL, or read record by record by Python because the file has a quote."""
    if request.param == "records":
        validate_file = known.validate_file
        quoted = '"u1",t2,2018-11-14 10:00:00'
        known.validate_file = lambda body, name="a.csv", **options: validate_file(  # type: ignore[method-assign]
            body + quoted.encode() + b"," * (body.split(b"\n")[0].count(b",") - 2) + b"\n", name, **options
        )
        known.extra = 1  # type: ignore[attr-defined]
    return known


def csv(*rows: str, header: str = "user_id,track_id,listen_time") -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def quarantined(world: World, body: bytes) -> list[tuple[int, str, str, str]]:
    _, quarantine = world.validate_file(body, held_threshold="1")
    return [(row["row"], row["reason"], row["detail"], row["raw"]) for row in quarantine]


def test_good_rows_are_accepted_and_the_ledger_balances(known: World) -> None:
    file, rows = known.validate_file(csv(GOOD, "u2,t2,2018-11-16 00:00:00"))
    extra = getattr(known, "extra", 0)
    assert file["outcome"] == "validated"
    assert file["ledger"] == {"read": 2 + extra, "accepted": 2 + extra, "quarantined": {}, "duplicate": 0}
    assert file["dates"] == {"2018-11-15": 1, "2018-11-16": 1} | ({"2018-11-14": 1} if extra else {})
    assert rows == []


@pytest.mark.parametrize(
    ("row", "reason", "detail"),
    [
        ("u1,t1", "malformed_row", "expected 3 fields, found 2"),
        (f"{GOOD},x", "malformed_row", "expected 3 fields, found 4"),
        (",t1,2018-11-15 10:00:00", "missing_field", "user_id"),
        ("u1, \t,2018-11-15 10:00:00", "missing_field", "track_id"),
        ("u1,t1, ", "missing_field", "listen_time"),
        (",,", "missing_field", "user_id"),
        ("u1,t1,soon", "bad_timestamp", "listen_time: soon"),
        ("u9,t9,soon", "bad_timestamp", "listen_time: soon"),
        ("u1,t1,1999-12-31 23:59:59.999", "timestamp_out_of_range", "listen_time: 1999-12-31 23:59:59.999"),
        ("u1,t1,2018-12-01 13:00:00.001", "timestamp_out_of_range", "listen_time: 2018-12-01 13:00:00.001"),
        ("u9,t9,2018-11-15 10:00:00", "unknown_user", "user_id: u9"),
        ("U1,t1,2018-11-15 10:00:00", "unknown_user", "user_id: U1"),
        ("u1,t9,2018-11-15 10:00:00", "unknown_track", "track_id: t9"),
        ("u1,té,2018-11-15 10:00:00", "unknown_track", "track_id: té"),
    ],
)
def test_a_bad_row_is_quarantined_with_its_reason_and_raw_text(
    known: World, row: str, reason: str, detail: str
) -> None:
    assert quarantined(known, csv(GOOD, row, "u2,t2,2018-11-15 11:00:00")) == [(2, reason, detail, row)]


WHOLE = "user_id,track_id,listen_time,event_id,ms_played,device_type"


@pytest.mark.parametrize("column", ["user_id", "track_id", "event_id", "device_type"])
def test_a_text_above_its_limit_in_bytes_is_quarantined(known: World, column: str) -> None:
    limit = 1024 if column in ("user_id", "track_id") else 256
    good = {"user_id": "u1", "track_id": "t1", "listen_time": "2018-11-15 10:00:00", "event_id": "e", "ms_played": "1"}
    longest, longer = "é" * (limit // 2), "é" * (limit // 2) + "x"
    rows = [",".join({**good, "device_type": "d", column: f" {text} "}.values()) for text in (longest, longer)]
    expected = [(2, "too_long", f"{column}: {limit + 1} bytes", rows[1])]
    if column in ("user_id", "track_id"):
        reason = "unknown_user" if column == "user_id" else "unknown_track"
        expected.insert(0, (1, reason, f"{column}: {longest}", rows[0]))
    assert quarantined(known, csv(*rows, header=WHOLE)) == expected


def test_the_first_rule_that_a_row_breaks_is_its_reason(known: World) -> None:
    long, late = "x" * 2000, "2018-12-02 10:00:00"
    rows = [
        f",{long},soon,{long},bad,{long}",
        f"{long},{long},soon,{long},bad,{long}",
        f"u9,t9,soon,{long},bad,d",
        "u9,t9,soon,e,bad,d",
        f"u9,t9,{late},e,bad,d",
        "u9,t9,2018-11-15 10:00:00,e,bad,d",
        "u9,t9,2018-11-15 10:00:00,e,1,d",
        "u1,t9,2018-11-15 10:00:00,e,1,d",
    ]
    assert [(reason, detail) for _, reason, detail, _ in quarantined(known, csv(*rows, header=WHOLE))] == [
        ("missing_field", "user_id"),
        ("too_long", "user_id: 2000 bytes"),
        ("too_long", "event_id: 2000 bytes"),
        ("bad_timestamp", "listen_time: soon"),
        ("timestamp_out_of_range", f"listen_time: {late}"),
        ("bad_number", "ms_played: bad"),
        ("unknown_user", "user_id: u9"),
        ("unknown_track", "track_id: t9"),
    ]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2018-11-15 10:00:00", "10:00:00.000000"),
        ("2018-11-15 10:00:00.5", "10:00:00.500000"),
        ("2018-11-15 10:00:00.500", "10:00:00.500000"),
        ("2018-11-15 10:00:00.123999", "10:00:00.123000"),
        ("2018-11-15 10:00:00.123456789", "10:00:00.123000"),
        ("2018-11-15T10:00:00", "10:00:00.000000"),
        ("2018-11-15T10:00:00Z", "10:00:00.000000"),
        ("2018-11-15T10:00:00.25Z", "10:00:00.250000"),
        ("2018-11-15T10:00:00+02:00", "08:00:00.000000"),
        ("2018-11-15T10:00:00+0230", "07:30:00.000000"),
        ("2018-11-15T10:00:00-05", "15:00:00.000000"),
        ("2018-11-15T10:00:00.1-05:30", "15:30:00.100000"),
        ("2018-11-15 10:00:00 ", "10:00:00.000000"),
        ("1542276000", "10:00:00.000000"),
        ("1542276000123", "10:00:00.123000"),
    ],
)
def test_these_forms_of_timestamps_are_accepted(known: World, text: str, moment: str) -> None:
    file = known.put("a.csv", csv(f"u1,t1,{text}"))
    known.ingest_and_validate(file)
    assert known.accepted(file, "strftime(listen_time, '%H:%M:%S.%f')") == {"2018-11-15": [(moment,)]}


@pytest.mark.parametrize(
    "text",
    [
        *("2018-11-15", "2018-11-15 10:00", "2018-11-15 24:00:00", "2018-11-15 10:60:00", "2018-11-15 10:00:60"),
        *("2018-02-30 10:00:00", "2017-02-29 10:00:00", "0000-01-01 10:00:00", "2018-11-15 10:00:00.", "15/11/2018"),
        *("2018-1-5 10:00:00", "2018-11-15 1:00:00", "2018-11-15  10:00:00", "2018-11-15T10:00:00 Z", "now", "epoch"),
        *("2018-11-15T10:00:00+24:00", "2018-11-15T10:00:00+02:60", "2018-11-15T10:00:00+2", "2018-11-15t10:00:00z"),
        *(
            "154227600",
            "15422760001",
            "-154227600",
            "1542276000.5",
            "infinity",
            "2018-11-15 10:00:00 UTC",
            "٢018-11-15",
        ),
        *("2018-11-15 (BC) 10:00", "+2018-11-15 10:00:00", "2018-11-15 10:00:00-05:00:00", "20181115T100000Z"),
    ],
)
def test_another_form_of_timestamp_is_quarantined(known: World, text: str) -> None:
    assert quarantined(known, csv(f"u1,t1,{text}")) == [(1, "bad_timestamp", f"listen_time: {text}", f"u1,t1,{text}")]


@pytest.mark.parametrize("text", ["-1", "+5", "1.0", "1e3", "0x10", "86400001", "5 5", "9" * 30, "ten", "1_000"])
def test_ms_played_that_is_no_whole_number_up_to_a_day_is_quarantined(known: World, text: str) -> None:
    body = csv(f"{GOOD},{text}", header="user_id,track_id,listen_time,ms_played")
    assert quarantined(known, body) == [(1, "bad_number", f"ms_played: {text}", f"{GOOD},{text}")]


@pytest.mark.parametrize(
    ("header", "text", "played"),
    [
        ("ms_played", "0", 0),
        ("ms_played", "86400000", 86_400_000),
        ("ms_played", "0" * 30 + "7", 7),
        ("ms_played", " 30000 ", 30_000),
        ("duration", "182", 182_000),
        ("duration", "182.5", 182_500),
        ("duration", "0.001", 1),
        ("duration", "0182.856000", 182_856),
        ("duration", "86400", 86_400_000),
        ("duration", "", None),
    ],
)
def test_playing_time_is_read_from_milliseconds_or_seconds(
    known: World, header: str, text: str, played: int | None
) -> None:
    file = known.put("a.csv", csv(f"{GOOD},{text}", header=f"user_id,track_id,listen_time,{header}"))
    known.ingest_and_validate(file)
    assert known.accepted(file, "ms_played") == {"2018-11-15": [(played,)]}


@pytest.mark.parametrize("text", ["182.85669", "86400.001", "-1", ".5", "5.", "1e2", "99999999999"])
def test_seconds_that_are_no_whole_number_of_milliseconds_are_quarantined(known: World, text: str) -> None:
    body = csv(f"{GOOD},{text}", header="user_id,track_id,listen_time,duration")
    assert quarantined(known, body) == [(1, "bad_number", f"duration: {text}", f"{GOOD},{text}")]


def test_ms_played_counts_if_duration_is_given_too(known: World) -> None:
    header = "user_id,track_id,listen_time,duration,ms_played"
    body = csv("u1,t1,2018-11-15 10:00:00,bad,5", "u1,t1,2018-11-15 10:00:01,5,bad", header=header)
    assert [(row, detail) for row, _, detail, _ in quarantined(known, body)] == [(2, "ms_played: bad")]


@pytest.mark.parametrize(("text", "fine"), [("TRUE", True), ("false", True), ("", True), ("yes", False), ("1", False)])
def test_completed_is_a_boolean_in_any_case(known: World, text: str, fine: bool) -> None:
    found = quarantined(known, csv(f"{GOOD},{text}", header="user_id,track_id,listen_time,completed"))
    assert found == ([] if fine else [(1, "bad_number", f"completed: {text}", f"{GOOD},{text}")])


def test_the_canonical_column_counts_unless_it_is_blank(known: World) -> None:
    header = "user_id,track_id,timestamp,song_id"
    body = csv("u1,t1,2018-11-15 10:00:00,t9", "u1, ,2018-11-15 11:00:00,t1", header=header)
    assert quarantined(known, body) == []


def test_a_file_with_more_than_half_of_its_rows_quarantined_is_put_on_hold(known: World) -> None:
    file = known.put("a.csv", csv(GOOD, "x,t1,2018-11-15 10:00:00", "y,t1,2018-11-15 10:00:00"))
    (held,) = known.ingest_and_validate(file)["files"]
    entry = known.entry(file)
    assert (held["outcome"], held["dates"], entry["dates"], entry["touched_dates"]) == ("held", {}, {}, [])
    assert held["ledger"] == {"read": 3, "accepted": 1, "quarantined": {"unknown_user": 2}, "duplicate": 0}
    assert entry["reason"]["code"] == "too_many_quarantined"
    assert [row["raw"][0] for row in known.quarantine(held)] == ["x", "y"]
    assert not list(known.store.list("validated/"))


def test_a_file_with_half_of_its_rows_quarantined_is_validated(known: World) -> None:
    file = known.put("a.csv", csv(GOOD, "x,t1,2018-11-15 10:00:00"))
    assert known.ingest_and_validate(file)["files"][0]["outcome"] == "validated"


def test_a_quarantined_row_names_its_file_version_and_row(known: World) -> None:
    _, (line,) = known.validate_file(csv(GOOD, "x,t1,2018-11-15 10:00:00", GOOD))
    assert json.dumps(line) == json.dumps(
        {
            "key": "streams/a.csv",
            "version": 1,
            "row": 2,
            "reason": "unknown_user",
            "detail": "user_id: x",
            "raw": "x,t1,2018-11-15 10:00:00",
        }
    )
