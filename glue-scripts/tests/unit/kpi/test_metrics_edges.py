"""Ties, limits and texts that a rule may get wrong, by hand and against the oracle."""

import random
from pathlib import Path

import pytest
from oracle.model import Accepted, Track
from support.kpi_world import COUNTRIES, KpiWorld, row

from jobs import kpi
from storage.store_directory import DirectoryStore

D = "2018-11-15"


def published(tmp_path: Path, rows: list[Accepted], songs: dict[str, Track] | None = None) -> KpiWorld:
    world = KpiWorld(DirectoryStore(tmp_path / "store"), tmp_path / "temp", songs=songs or {})
    kpi.run(world.context("kpi", world.validate({"streams/a.csv": rows})))
    return world


def song(number: int, genre: str = "pop", artists: str = "Ann") -> Track:
    return Track(f"t{number:03d}", f"Song {number}", artists, 180_000, genre)


def songs(*found: Track) -> dict[str, Track]:
    return {track.track_id: track for track in found}


def test_lists_are_cut_at_their_length_and_ranked_without_gaps_or_ties(tmp_path: Path) -> None:
    many = songs(*(song(n, genre=f"genre {n:02d}", artists=f"Artist {n:02d}") for n in range(70)))
    rows = [row("u1", track, f"{D} 10:00:00.{n:03d}") for n, track in enumerate(many)]
    lines = published(tmp_path, rows, many).published()
    for metric, field, length in (
        ("top_genres", "genres", 5),
        ("trending_24h", "tracks", 10),
        ("artist_daily", "artists", 10),
    ):
        entries = lines[metric][0][field]
        assert [entry["rank"] for entry in entries] == list(range(1, length + 1))
    assert [entry["genre"] for entry in lines["top_genres"][0]["genres"]] == [f"genre {n:02d}" for n in range(5)]
    assert [entry["track_id"] for entry in lines["trending_24h"][0]["tracks"]] == [f"t{n:03d}" for n in range(10)]


def test_more_genres_than_one_word_of_bits_holds(tmp_path: Path) -> None:
    many = songs(*(song(n, genre=f"genre {n:03d}") for n in range(130)))
    rows = [row("u1", track, f"{D} 10:{n // 60:02d}:{n % 60:02d}") for n, track in enumerate(many)]
    lines = published(tmp_path, rows, many).published()
    assert lines["user_daily"][0]["distinct_genres"] == 130
    assert [line["unique_listeners"] for line in lines["genre_daily"]] == [1] * 130


def test_the_earliest_of_equal_hours_is_the_peak(tmp_path: Path) -> None:
    rows = [row("u1", "t001", f"{D} {hour:02d}:00:00") for hour in (22, 3, 9)]
    assert published(tmp_path, rows, songs(song(1))).published()["daily_overview"][0]["peak_hour"] == 3


def test_a_day_of_skips_has_an_overview_without_sessions_and_nothing_of_listens(tmp_path: Path) -> None:
    lines = published(tmp_path, [row("u1", "t001", f"{D} 10:00:00", ms_played=1)], songs(song(1))).published()
    (day,) = lines["daily_overview"]
    assert (day["skip_count"], day["sessions"], day["avg_session_ms"], day["peak_hour"]) == (1, 0, None, None)
    assert lines["genre_daily"][0]["avg_listening_ms_per_listener"] is None
    assert lines["genre_daily"][0]["top_songs"] == []
    silent = ("top_genres", "trending_24h", "artist_daily", "hourly_activity", "country_daily", "device_daily")
    assert all(lines[metric] == [] for metric in silent)


def test_of_listens_that_start_together_the_longest_ends_the_session(tmp_path: Path) -> None:
    rows = [
        row("u1", "t001", f"{D} 10:00:00", ms_played=90_000),
        row("u1", "t002", f"{D} 10:00:00", ms_played=50_000),
    ]
    day = published(tmp_path, rows, songs(song(1), song(2))).published()["daily_overview"][0]
    assert (day["sessions"], day["avg_session_ms"]) == (1, 90_000)


def test_averages_are_cut_not_rounded(tmp_path: Path) -> None:
    rows = [row(user, "t001", f"{D} 10:00:00", ms_played=ms) for user, ms in (("u1", 30_001), ("u2", 30_002))]
    lines = published(tmp_path, rows, songs(song(1))).published()
    assert lines["genre_daily"][0]["avg_listening_ms_per_listener"] == 30_001
    assert lines["daily_overview"][0]["avg_session_ms"] == 30_001


def test_an_artist_name_is_kept_as_written_and_an_empty_one_is_none(tmp_path: Path) -> None:
    lines = published(
        tmp_path, [row("u1", "t001", f"{D} 10:00:00")], songs(song(1, artists=" Ann ;;Ann; ;ann"))
    ).published()
    assert [entry["artist"] for entry in lines["artist_daily"][0]["artists"]] == [" Ann ", "Ann", "ann"]


def test_a_track_and_a_user_that_left_the_snapshot_keep_their_rows(tmp_path: Path) -> None:
    lines = published(tmp_path, [row("gone", "lost", f"{D} 10:00:00")], songs(song(1))).published()
    assert (lines["genre_daily"][0]["genre"], lines["genre_daily"][0]["total_listening_ms"]) == ("unknown", 0)
    assert lines["country_daily"][0]["country"] == "unknown"
    assert lines["trending_24h"][0]["tracks"][0]["track_name"] == ""


@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_week_equals_the_oracle(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    many = songs(*(song(n, f"genre {n % 7}", ";".join(f"A{n % k}" for k in (5, 11))) for n in range(120)))

    def some_row(number: int) -> Accepted:
        day, hour = chance.randrange(11, 18), int(24 * chance.random() ** 2)
        time = f"2018-11-{day} {hour:02d}:{chance.randrange(60):02d}:{chance.randrange(60):02d}.{number % 1000:03d}"
        return row(
            chance.choice(list(COUNTRIES)),
            f"t{int(120 * chance.random() ** 3):03d}",
            time,
            ms_played=chance.choice([None, 5, 29_999, 30_000, 200_000]),
            completed=chance.choice([None, True, False]),
            device_type=chance.choice([None, "tv", "phone", "Phöne"]),
        )

    rows = {found.identity: found for found in map(some_row, range(3000))}
    world = published(tmp_path, list(rows.values()), many)
    got, wanted = world.published(), world.expected()
    for metric, lines in wanted.items():
        assert got[metric] == lines, metric
