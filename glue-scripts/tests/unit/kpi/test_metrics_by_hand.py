"""One day computed by hand, metric by metric."""

from pathlib import Path
from typing import Any

import pytest
from support.kpi_world import KpiWorld, row

from jobs import kpi
from storage.store_directory import DirectoryStore

D, NEXT = "2018-11-15", "2018-11-16"
Lines = dict[str, list[dict[str, Any]]]

#: t1 rock, Ann;Bob, 200 s · t2 rock, Bob twice, 100 s · t3 jazz, Çelik, 300 s · t4 unknown, nobody, 60 s
ROWS = [
    row("u1", "t1", f"{D} 10:00:00.000", device_type="phone", completed=True),
    row("u1", "t2", f"{D} 10:20:00.000", ms_played=60_000, device_type="phone", completed=False),
    row("u1", "t2", f"{D} 10:50:00.000", ms_played=29_999, device_type="watch", completed=True),
    row("u1", "t3", f"{D} 10:50:00.000", ms_played=30_000),
    row("u1", "t1", f"{D} 11:20:00.001"),
    row("u2", "t1", f"{D} 10:59:59.999", ms_played=40_000, device_type="tv"),
    row("u2", "t4", f"{D} 23:59:59.999"),
    row("u3", "t3", f"{D} 12:00:00.000", ms_played=0),
]
ONE = {"track_id": "t1", "track_name": "One", "artists": "Ann;Bob"}
TWO = {"track_id": "t2", "track_name": 'Two "2"\\', "artists": "Bob;Bob"}
THREE = {"track_id": "t3", "track_name": "Drei ß\n", "artists": "Çelik"}
FOUR = {"track_id": "t4", "track_name": "", "artists": ""}


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Lines:
    folder: Path = tmp_path_factory.mktemp("day")
    world = KpiWorld(DirectoryStore(folder / "store"), folder / "temp")
    kpi.run(world.context("kpi", world.validate({"streams/a.csv": ROWS})))
    return world.published()


def test_a_genre_counts_listens_skips_listeners_and_its_three_songs(lines: Lines) -> None:
    jazz, rock, unknown = lines["genre_daily"]
    assert list(rock.values()) == [
        *(D, "rock", 4, 1, 2, 500_000, 250_000),
        [{"rank": 1, **ONE, "listen_count": 3}, {"rank": 2, **TWO, "listen_count": 1}],
    ]
    assert list(jazz.values()) == [*(D, "jazz", 1, 1, 1, 30_000, 30_000), [{"rank": 1, **THREE, "listen_count": 1}]]
    assert list(unknown.values())[:7] == [D, "unknown", 1, 0, 1, 60_000, 60_000]


def test_genres_rank_by_listens_then_name(lines: Lines) -> None:
    (day,) = lines["top_genres"]
    assert [(entry["rank"], entry["genre"], entry["listen_count"]) for entry in day["genres"]] == [
        *((1, "rock", 4), (2, "jazz", 1), (3, "unknown", 1)),
    ]


def test_a_user_with_skips_only_has_an_item_without_listens(lines: Lines) -> None:
    assert [list(line.values())[1:] for line in lines["user_daily"]] == [
        ["u1", 4, 1, 3, 2, 490_000, f"{D}T10:00:00.000Z", f"{D}T11:20:00.001Z"],
        ["u2", 2, 0, 2, 2, 100_000, f"{D}T10:59:59.999Z", f"{D}T23:59:59.999Z"],
        ["u3", 0, 1, 0, 0, 0, None, None],
    ]


def test_sessions_end_after_more_than_thirty_minutes_and_last_to_their_last_listens_end(lines: Lines) -> None:
    (day,) = lines["daily_overview"]
    # u1: 50 min + 30 s, then 200 s, since 30 min and 1 ms lie between; u2: 40 s and 60 s. Skips join nothing.
    assert (day["sessions"], day["avg_session_ms"]) == (4, (3_030_000 + 200_000 + 40_000 + 60_000) // 4)


def test_the_overview_counts_listens_and_names_its_peak(lines: Lines) -> None:
    (day,) = lines["daily_overview"]
    assert [day[name] for name in ("listen_count", "skip_count", "daily_active_users", "distinct_tracks")] == [
        6,
        2,
        2,
        4,
    ]
    assert (day["total_listening_ms"], day["peak_hour"]) == (590_000, 10)
    assert (day["completed_count"], day["completion_known_count"]) == (1, 2)


def test_a_listen_goes_to_every_credited_artist_once(lines: Lines) -> None:
    (day,) = lines["artist_daily"]
    assert [tuple(entry.values()) for entry in day["artists"]] == [
        (1, "Bob", 4, 2),
        (2, "Ann", 3, 2),
        (3, "Çelik", 1, 1),
    ]


def test_all_hours_of_a_day_are_there(lines: Lines) -> None:
    (day,) = lines["hourly_activity"]
    assert [entry["hour"] for entry in day["hours"]] == list(range(24))
    heard = {entry["hour"]: (entry["listen_count"], entry["unique_listeners"]) for entry in day["hours"]}
    assert {hour: counts for hour, counts in heard.items() if counts != (0, 0)} == {10: (4, 2), 11: (1, 1), 23: (1, 1)}


def test_countries_and_devices_count_listens_and_listeners(lines: Lines) -> None:
    assert lines["country_daily"] == [{"date": D, "country": "DE", "listen_count": 6, "unique_listeners": 2}]
    assert [tuple(line.values())[1:] for line in lines["device_daily"]] == [("phone", 2, 1), ("tv", 1, 1)]


def at(lines: Lines, as_of: str) -> list[tuple[Any, ...]]:
    (found,) = [line for line in lines["trending_24h"] if line["as_of"] == as_of]
    return [(e["rank"], e["track_id"], e["plays_24h"], e["plays_prev_24h"]) for e in found["tracks"]]


def test_a_window_is_half_open(lines: Lines) -> None:
    assert at(lines, f"{D}T11:00:00Z") == [(1, "t1", 2, 0), (2, "t2", 1, 0), (3, "t3", 1, 0)]
    assert at(lines, f"{NEXT}T00:00:00Z")[0] == (1, "t1", 3, 0)


def test_of_equal_plays_the_one_less_played_before_comes_first(lines: Lines) -> None:
    # [D 11:00, D+1 11:00) holds t1 at 11:20 and t4 at 23:59; the 24 hours before hold t1 twice.
    assert at(lines, f"{NEXT}T11:00:00Z") == [(1, "t4", 1, 0), (2, "t1", 1, 2)]


def test_an_hour_without_a_listen_in_its_window_has_no_item(lines: Lines) -> None:
    hours = [line["as_of"] for line in lines["trending_24h"]]
    assert (hours[0], hours[-1], len(hours)) == (f"{D}T11:00:00Z", f"{NEXT}T23:00:00Z", 14 + 23)
