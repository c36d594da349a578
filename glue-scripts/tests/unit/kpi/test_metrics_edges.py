"""Ties, limits and texts that a rule may get wrong, by hand and against the oracle."""

import random
from pathlib import Path

import pytest
from oracle.model import Accepted, Track
from support.kpi_world import KpiWorld, row
from support.random_listening import many_songs, random_rows, shared_files

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


def test_a_user_who_hears_many_genres_counts_once_in_each(tmp_path: Path) -> None:
    many = songs(*(song(n, genre=f"genre {n:03d}") for n in range(130)))
    rows = [row("u1", track, f"{D} 10:{n // 60:02d}:{n % 60:02d}") for n, track in enumerate(many)]
    lines = published(tmp_path, rows, many).published()
    assert lines["user_daily"][0]["distinct_genres"] == 130
    assert [line["unique_listeners"] for line in lines["genre_daily"]] == [1] * 130


def test_an_artist_name_is_kept_as_written_and_an_empty_one_is_none(tmp_path: Path) -> None:
    lines = published(
        tmp_path, [row("u1", "t001", f"{D} 10:00:00")], songs(song(1, artists=" Ann ;;Ann; ;ann"))
    ).published()
    assert [entry["artist"] for entry in lines["artist_daily"][0]["artists"]] == [" Ann ", "Ann", "ann"]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_random_week_equals_the_oracle(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    world = KpiWorld(DirectoryStore(tmp_path / "store"), tmp_path / "temp", songs=many_songs(400))
    kpi.run(world.context("kpi", world.validate(shared_files(chance, random_rows(chance, 3000, 400)))))
    got, wanted = world.published(), world.expected()
    for metric, lines in wanted.items():
        assert got[metric] == lines, metric
