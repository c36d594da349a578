"""Texts and what they mean by docs/kpis.md."""

import pytest

from oracle.values import boolean, day_text, duration, iso_millis, iso_seconds, ms_played, timestamp

#: 2018-11-15T00:26:01.796Z, checked with `date -u -d @1542241561`.
NIGHT = 1_542_241_561_796


@pytest.mark.parametrize(
    "text",
    [
        "2018-11-15 00:26:01.796",
        "2018-11-15T00:26:01.796",
        "2018-11-15T00:26:01.796Z",
        "2018-11-15 00:26:01.796999999",
        "2018-11-15T05:56:01.796+05:30",
        "2018-11-14 16:26:01.7960-0800",
        "2018-11-15 01:26:01.796+01",
        "1542241561796",
    ],
)
def test_every_accepted_form_of_one_millisecond_means_it(text: str) -> None:
    assert timestamp(text) == NIGHT


def test_ten_digits_are_seconds_and_a_short_fraction_is_filled_up() -> None:
    assert timestamp("1542241561") == NIGHT - 796
    assert timestamp("2018-11-15 00:26:01.8") == NIGHT + 4


@pytest.mark.parametrize(
    "text",
    [
        "2018-11-15",
        "2018-11-15 24:00:00",
        "2018-11-15 23:59:60",
        "2018-02-29 00:00:00",
        "2018-11-15T00:26:01z",
        "2018-11-15 00:26:01.",
        "2018-11-15 00:26:01 Z",
        "2018-11-15 00:26:01+1",
        "154224156179",
        "1542241561.796",
        "２018-11-15 00:26:01",
    ],
)
def test_other_forms_are_no_timestamps(text: str) -> None:
    assert timestamp(text) is None


def test_a_leap_day_is_accepted() -> None:
    assert timestamp("2016-02-29 00:00:00") == 1_456_704_000_000


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("007", 7), ("86400000", 86_400_000)])
def test_ms_played_is_digits_up_to_a_day(text: str, value: int) -> None:
    assert ms_played(text) == value


@pytest.mark.parametrize("text", ["-1", "+5", "86400001", "1.0", "1e3", "0x10", "３", "1 000"])
def test_other_numbers_are_not_ms_played(text: str) -> None:
    assert ms_played(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("210", 210_000), ("0.001", 1), ("0.0010", 1), ("210.5", 210_500), ("86400", 86_400_000), ("0.0", 0)],
)
def test_duration_is_seconds_that_make_whole_milliseconds(text: str, value: int) -> None:
    assert duration(text) == value


@pytest.mark.parametrize("text", ["0.0005", "86400.001", "-1", ".5", "5.", "1e2"])
def test_other_durations_are_bad(text: str) -> None:
    assert duration(text) is None


def test_booleans_are_true_and_false_in_any_case() -> None:
    assert [boolean(text) for text in ("TRUE", "False", "1", "yes")] == [True, False, None, None]


def test_times_are_written_as_the_export_wants_them() -> None:
    assert iso_millis(NIGHT) == "2018-11-15T00:26:01.796Z"
    assert iso_seconds(NIGHT) == "2018-11-15T00:26:01Z"
    assert day_text(NIGHT // 86_400_000) == "2018-11-15"
