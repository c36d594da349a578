"""Which of several equal rows is effective, which version of a file is current, and the ledgers of both."""

import pytest

from oracle.builders import lines, raw, run, stream
from oracle.evaluation import effective_rows
from oracle.model import Accepted
from oracle.validating import validate_file

T = "2018-11-15 10:00:00"
D = "2018-11-15"


def effective_row(*rows: str) -> Accepted:
    """Returns the one row that is effective of these equal rows in one file."""
    validated = validate_file(stream(*rows), 1, {"u", "v"}, {"a", "b"})
    assert (len(validated.accepted), validated.duplicate) == (1, len(rows) - 1)
    return validated.accepted[0]


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ((f"u,a,{T}", f"u,a,{T},,0"), 1),
        ((f"u,a,{T},,9", f"u,a,{T},,10"), 1),
        ((f"u,a,{T},,9,,z", f"u,a,{T},,9,false,z", f"u,a,{T},,9,true,z"), 2),
        ((f"u,a,{T},,9,true", f"u,a,{T},,9,true,z", f"u,a,{T},,9,true,Z"), 2),
        ((f"u,a,{T},e,5,false", f"u,a,{T},e,4,true,A"), 0),
        ((f"u,a,{T},e,1", f"u,a,{T}.0009,e,1"), 0),
    ],
)
def test_longest_play_then_completion_then_device_decides_within_a_file(rows: tuple[str, ...], number: int) -> None:
    assert effective_row(*rows).number == number


@pytest.mark.parametrize(
    "other",
    [f"v,a,{T},e", f"u,b,{T},e", "u,a,2018-11-15 10:00:00.001,e", f"u,a,{T}", f"u,a,{T},E"],
    ids=["user", "track", "time", "absent event id", "event id"],
)
def test_rows_that_differ_in_user_track_time_or_event_id_are_different(other: str) -> None:
    export = run(stream(f"u,a,{T},e", other), stream(other, key="streams/b.csv"))
    assert [line["accepted"] for line in lines(export, "files")] == [2, 1]
    assert export.lines["dates"] == [{"date": D, "accepted": 3, "counted": 2, "skipped": 0, "duplicate": 1}]


def test_across_files_the_row_of_the_first_key_is_effective_even_with_less() -> None:
    first, later = stream(f"u,a,{T},,0", key="streams/Z"), stream(f"u,a,{T},,99999", key="streams/a")
    export = run(later, first)
    assert lines(export, "daily_overview")[0]["skip_count"] == 1
    assert export.lines["dates"] == [{"date": D, "accepted": 2, "counted": 0, "skipped": 1, "duplicate": 1}]


def test_an_event_id_on_two_dates_counts_on_both() -> None:
    export = run(stream("u,a,2018-11-16 10:00:00,e", key="streams/1"), stream(f"u,a,{T},e", key="streams/2"))
    assert [(line["date"], line["counted"], line["duplicate"]) for line in export.lines["dates"]] == [
        (D, 1, 0),
        ("2018-11-16", 1, 0),
    ]


def test_event_ids_that_name_several_different_rows_of_a_file_are_counted() -> None:
    reused = stream(f"u,a,{T},e", f"v,a,{T},e", f"u,b,{T},e", f"u,a,{T},f", f"u,a,{T},f", f"u,a,{T}", f"v,a,{T}")
    export = run(reused, stream(f"w,a,{T},f", key="streams/b.csv"), raw(b"", "streams/c.csv"))
    assert export.reused_event_ids == {("streams/a.csv", 1): 1, ("streams/b.csv", 1): 0}


def test_a_correction_replaces_the_rows_of_the_version_before() -> None:
    export = run(stream(f"u,a,{T}"), stream("u,a,2018-11-16 10:00:00", version=2))
    assert [(line["version"], line["state"]) for line in export.lines["files"]] == [(2, "archived")]
    assert [line["date"] for line in export.lines["dates"]] == ["2018-11-16"]


def test_the_same_content_again_makes_no_version() -> None:
    export = run(stream(f"u,a,{T}"), stream(f"u,a,{T}", version=2), stream(f"v,a,{T}", version=3))
    assert [line["version"] for line in export.lines["files"]] == [2]


def test_a_file_with_more_than_half_of_its_rows_quarantined_is_held_one_with_half_is_not() -> None:
    export = run(stream(f"u,a,{T}", "u,a,x", key="streams/half"), stream(f"u,a,{T}", "x", "y", key="streams/more"))
    assert [line["state"] for line in export.lines["files"]] == ["archived", "held"]
    held = lines(export, "files", state="held")[0]
    assert held == {**held, "read": 3, "accepted": 1, "quarantined": {"missing_field": 2}, "duplicate": 0}
    assert export.lines["dates"][0]["accepted"] == 1
    assert len(export.lines["quarantine"]) == 3


@pytest.mark.parametrize(("body", "state"), [(b"", "rejected"), (b"user_id,track_id,listen_time\nx,y,z\n", "held")])
def test_the_older_version_stays_current_while_the_newer_one_is_held_or_rejected(body: bytes, state: str) -> None:
    newer = raw(body).__class__("streams/a.csv", body, raw(body).last_modified, 2)
    export = run(stream(f"u,a,{T}"), newer)
    assert [(line["version"], line["state"]) for line in export.lines["files"]] == [(1, "archived"), (2, state)]
    assert export.lines["daily_overview"][0]["listen_count"] == 1


def test_a_header_alone_is_a_file_without_rows() -> None:
    export = run(stream())
    assert [(line["state"], line["read"]) for line in export.lines["files"]] == [("archived", 0)]
    assert export.lines["dates"] == []


def test_without_files_there_is_nothing_to_export() -> None:
    assert effective_rows([]) == []
    assert all(found == [] for found in run().lines.values())
