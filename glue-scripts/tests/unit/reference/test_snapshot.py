"""The reference snapshot: the row that counts for a track or user, and broken files, which never replace a snapshot."""

from typing import Any

import pytest
from support.schema import assert_conforms
from support.world import SONGS, USERS, World

from contracts import keys
from storage.store import read_json

HEADER = "id,track_id,artists,track_name,popularity,duration_ms,track_genre"


def pinned(world: World) -> Any:
    """The reference document after an ingest run without files."""
    world.ingest(world.create_run())
    document = read_json(world.store, keys.REFERENCE_KEY)
    if document is not None:
        assert_conforms(document, "ReferenceDocument")
    return document


def tracks(world: World, *rows: str) -> dict[str, tuple[object, ...]]:
    world.reference("\n".join([HEADER, *rows]).encode())
    document = pinned(world)
    assert document["broken"] == []
    return {row[0]: row[1:] for row in world.rows(document["tracks_key"])}


def test_a_snapshot_names_its_sources_and_counts(known: World) -> None:
    document = pinned(known)
    assert (document["tracks"], document["users"], document["broken"], document["skipped_rows"]) == (2, 2, [], {})
    assert [source["key"] for source in document["sources"]] == [
        "reference/songs/songs.csv",
        "reference/users/users.csv",
    ]
    assert known.rows(document["tracks_key"]) == [
        ("t1", "One", "Ann;Bob", 200_000, "rock"),
        ("t2", "Two", "Cy", 100_000, "pop"),
    ]
    assert known.rows(document["users_key"]) == [("u1", "US"), ("u2", "DE")]


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        (["1,t,a,low,9,5,pop", "2,t,a,high,10,5,pop"], "high"),
        (["1,t,a,missing,,5,a", "2,t,a,zero,0,5,pop"], "zero"),
        (["1,t,a,missing,many,5,a", "2,t,a,negative,-3,5,pop"], "negative"),
        (["1,t,a,later,5,5,rock", "2,t,a,earlier,5,5, POP "], "earlier"),
        (["1,t,a,none,5,5,", "2,t,a,some,5,5,zither"], "some"),
        (["10,t,a,ten,5,5,pop", "9,t,a,nine,5,5,pop"], "nine"),
        ([",t,a,none,5,5,pop", "99,t,a,some,5,5,pop"], "some"),
        (["1,t,a,no duration,99,0,pop", "2,t,a,some,1,5,pop"], "some"),
    ],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_of_several_rows_of_a_track_the_first_by_precedence_counts(
    world: World, rows: list[str], name: str, swapped: bool
) -> None:
    assert tracks(world, *(reversed(rows) if swapped else rows))["t"][0] == name


def test_rows_that_cannot_be_used_are_skipped_and_counted(world: World) -> None:
    found = tracks(world, "1,t1,a,x,1,5,", "2,,a,x,1,5,pop", "3,t3,a,x,1,-5,pop", "4,t4,a,x,1,,pop", "5,t5,a,x,1", "")
    assert found == {"t1": ("x", "a", 5, "unknown")}
    assert read_json(world.store, keys.REFERENCE_KEY)["skipped_rows"] == {"reference/songs/songs.csv": 4}


@pytest.mark.parametrize("row", ["1,t, Ann ;Bob,\t One ,1,5, Pop ", '1,t," Ann ;Bob","\t One ",1,5," Pop "'])
def test_track_names_and_artists_are_kept_as_written(world: World, row: str) -> None:
    assert tracks(world, row) == {"t": ("\t One ", " Ann ;Bob", 5, "pop")}


def test_the_last_row_of_a_user_counts_with_files_in_order_of_their_keys(world: World) -> None:
    world.reference(users=b"user_id,user_country\nu1,US\nu2, DE \nu1,FR\n")
    world.store.put("reference/users/z.jsonl", b'{"user_id": "u2", "user_country": null}\n{"user_id": "u3"}\n')
    assert known_users(world) == [("u1", "FR"), ("u2", ""), ("u3", "")]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("n" * 1024, "n" * 1024, id="longest"),
        pytest.param("n" * 1025, "n" * 1023 + "…", id="longer"),
        pytest.param("é" * 1024, "é" * 1024, id="longest of two bytes each"),
        pytest.param("𝄞" * 3000, "𝄞" * 1023 + "…", id="longer of four bytes each"),
    ],
)
def test_track_names_and_artists_are_cut_to_1024_characters(world: World, text: str, kept: str) -> None:
    assert tracks(world, f"1,t,{text},{text},1,5,pop") == {"t": (kept, kept, 5, "pop")}


@pytest.mark.parametrize(
    ("text", "kept"),
    [("G" * 256, "G" * 256), ("G" * 257, "G" * 255 + "…"), (" " * 300 + "É" * 256 + " ", "É" * 256)],
)
def test_genres_and_countries_are_cut_to_256_characters_after_trimming(world: World, text: str, kept: str) -> None:
    assert tracks(world, f"1,t,a,n,1,5,{text}") == {"t": ("n", "a", 5, kept.lower())}
    world.reference(users=f"user_id,user_country\nu1,{text}\n".encode())
    assert known_users(world) == [("u1", kept)]


def test_genres_are_ordered_before_they_are_cut(world: World) -> None:
    rows = [f"{number},t,a,{letter},5,5,{'g' * 300}{letter}" for number, letter in ((1, "b"), (2, "a"))]
    assert tracks(world, *rows)["t"][0] == "a"


def known_users(world: World) -> list[tuple[object, ...]]:
    return world.rows(pinned(world)["users_key"])


def test_an_unchanged_reference_is_not_built_again(known: World) -> None:
    first = known.ingest(known.create_run())
    second = known.ingest(known.create_run())
    assert (first["snapshot"]["built"], second["snapshot"]["built"]) == (True, False)
    assert first["reference_version"] == second["reference_version"]


def test_a_changed_file_makes_the_next_snapshot_and_the_older_objects_stay(known: World) -> None:
    first = pinned(known)
    known.reference(users=USERS + b"u3,n,1,SE,2018-01-01\n")
    second = pinned(known)
    assert second["reference_version"] != first["reference_version"]
    assert len(known.rows(second["users_key"])) == 3
    assert len(known.rows(first["users_key"])) == 2


@pytest.mark.parametrize(
    ("songs", "code"),
    [
        (b"", "empty_file"),
        (b"track_id,name\nt1,x\n", "missing_column"),
        (b"track_id,duration_ms\nt1,0\n,5\n", "no_usable_row"),
        (b"track_id,duration_ms\n", "no_usable_row"),
    ],
)
def test_a_broken_file_is_reported_and_the_snapshot_stays(known: World, songs: bytes, code: str) -> None:
    first = pinned(known)
    known.store.put("reference/songs/more.csv", songs)
    run_id = known.create_run()
    result = known.ingest(run_id)
    assert_conforms(result, "IngestResult")
    assert result["reference_version"] == first["reference_version"]
    assert [(broken["key"], broken["reason"]["code"]) for broken in result["snapshot"]["broken"]] == [
        ("reference/songs/more.csv", code)
    ]
    known.store.put("reference/songs/more.csv", SONGS)
    patched = pinned(known)
    assert patched["broken"] == []
    assert patched["reference_version"] != first["reference_version"]


def test_a_broken_file_that_is_removed_is_no_longer_reported(known: World) -> None:
    first = pinned(known)
    known.store.put("reference/songs/more.csv", b"")
    assert pinned(known)["broken"] != []
    known.store.delete("reference/songs/more.csv")
    assert {**pinned(known), "created_at": None, "run_id": None} == {**first, "created_at": None, "run_id": None}


def test_songs_without_users_make_no_snapshot(world: World) -> None:
    world.store.put("reference/songs/songs.csv", SONGS)
    assert pinned(world) is None
    world.store.put("reference/users/", b"")
    assert pinned(world) is None
