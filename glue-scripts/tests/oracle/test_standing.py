"""Which copy of a row stands, which version of a file, and whether the ledgers say so; all worked out by hand."""

import pytest

from oracle.builders import lines, raw, run, stream
from oracle.evaluation import effective_rows
from oracle.model import Accepted
from oracle.validating import validate_file

T = "2018-11-15 10:00:00"


def winner(*rows: str) -> Accepted:
    """The one row that stands of these copies in one file."""
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
        ((f"u,a,{T},e", f"v,a,{T},e", "u,a,2018-11-15 09:59:59,e"), 2),
        ((f"v,a,{T},e", f"u,b,{T},e", f"u,a,{T},e"), 2),
        ((f"u,a,{T},e,1", f"u,a,{T}.0009,e,1"), 0),
    ],
)
def test_within_a_file_the_fullest_copy_stands(rows: tuple[str, ...], number: int) -> None:
    assert winner(*rows).number == number


def test_rows_with_and_without_event_id_are_different_rows() -> None:
    export = run(stream(f"u,a,{T}", f"u,a,{T},e", f"u,a,{T},f"))
    assert lines(export, "files")[0]["accepted"] == 3


def test_across_files_the_key_that_sorts_first_stands_even_with_less() -> None:
    first, later = stream(f"u,a,{T},,0", key="streams/Z"), stream(f"u,a,{T},,99999", key="streams/a")
    export = run(later, first)
    assert lines(export, "daily_overview")[0]["skip_count"] == 1
    assert export.lines["dates"] == [
        {"date": "2018-11-15", "accepted": 2, "counted": 0, "skipped": 1, "duplicate": 1},
    ]


def test_an_event_id_counts_once_even_on_two_dates() -> None:
    export = run(stream("u,a,2018-11-16 10:00:00,e", key="streams/1"), stream(f"u,a,{T},e", key="streams/2"))
    assert export.lines["dates"] == [
        {"date": "2018-11-15", "accepted": 1, "counted": 0, "skipped": 0, "duplicate": 1},
        {"date": "2018-11-16", "accepted": 1, "counted": 1, "skipped": 0, "duplicate": 0},
    ]
    assert [line["date"] for line in export.lines["daily_overview"]] == ["2018-11-16"]


def test_a_correction_replaces_the_rows_of_the_version_before() -> None:
    export = run(stream(f"u,a,{T}"), stream("u,a,2018-11-16 10:00:00", version=2))
    assert [(line["version"], line["state"]) for line in export.lines["files"]] == [(2, "archived")]
    assert [line["date"] for line in export.lines["dates"]] == ["2018-11-16"]


def test_the_same_content_again_is_no_version() -> None:
    export = run(stream(f"u,a,{T}"), stream(f"u,a,{T}", version=2), stream(f"v,a,{T}", version=3))
    assert [line["version"] for line in export.lines["files"]] == [2]


def test_more_than_half_bad_rows_hold_a_file_and_half_do_not() -> None:
    export = run(stream(f"u,a,{T}", "u,a,x", key="streams/half"), stream(f"u,a,{T}", "x", "y", key="streams/more"))
    assert [line["state"] for line in export.lines["files"]] == ["archived", "held"]
    held = lines(export, "files", state="held")[0]
    assert held == {**held, "read": 3, "accepted": 1, "quarantined": {"missing_field": 2}, "duplicate": 0}
    assert export.lines["dates"][0]["accepted"] == 1
    assert len(export.lines["quarantine"]) == 3


@pytest.mark.parametrize(("body", "state"), [(b"", "rejected"), (b"user_id,track_id,listen_time\nx,y,z\n", "held")])
def test_a_newer_version_that_is_held_or_rejected_leaves_the_older_standing(body: bytes, state: str) -> None:
    newer = raw(body).__class__("streams/a.csv", body, raw(body).last_modified, 2)
    export = run(stream(f"u,a,{T}"), newer)
    assert [(line["version"], line["state"]) for line in export.lines["files"]] == [(1, "archived"), (2, state)]
    assert export.lines["daily_overview"][0]["listen_count"] == 1


def test_a_header_alone_is_a_file_without_rows() -> None:
    export = run(stream())
    assert [(line["state"], line["read"]) for line in export.lines["files"]] == [("archived", 0)]
    assert export.lines["dates"] == []


def test_nothing_stands_without_files() -> None:
    assert effective_rows([]) == []
    assert all(found == [] for found in run().lines.values())
