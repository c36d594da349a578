"""Replays through all five jobs, by hand: what is archived, what counts, what is told."""

from pathlib import Path
from typing import Any

import pytest
from fixtures.schema import assert_conforms

from contracts import keys
from oracle import evaluate
from oracle.builders import MODIFIED, SONGS, USERS, stream
from oracle.compare import compare
from oracle.model import InputFile
from oracle.pipeline import Floor
from oracle.pipeline_export import documents_of
from publish.store import read_json

T = "2018-11-15 10:00:00"
MORE_USERS = USERS + "x,X,1,SE,x\n"
FILE = stream(f"u,a,{T}", f"v,b,{T}", f"x,a,{T}", "x,b,2018-11-16 10:00:00,e1")


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    made = Floor(tmp_path)
    refer(made)
    return made


def refer(floor: Floor, songs: str = SONGS, users: str = USERS) -> None:
    """The next snapshot, by a run that ingest has nothing else to do for."""
    floor.store.put(f"{keys.SONGS_PREFIX}songs.csv", songs.encode())
    floor.store.put(f"{keys.USERS_PREFIX}users.csv", users.encode())
    floor.start("ingest", floor.form([], reference_changed=True))


def put(floor: Floor, *files: InputFile) -> str:
    run_id = floor.form([key for file in files if (key := floor.upload(file))])
    for stage in floor.jobs:
        floor.start(stage, run_id)
    return run_id


def differences(floor: Floor, *files: InputFile, songs: str = SONGS, users: str = USERS) -> list[str]:
    export = evaluate(list(files), [("songs.csv", songs.encode())], [("users.csv", users.encode())])
    return compare(export.lines, floor.exported())


def versions(floor: Floor, key: str = "streams/a.csv") -> list[Any]:
    (document,) = [found for found in documents_of(floor.store) if found["key"] == key]
    assert_conforms(document, "FileDocument")
    return list(document["versions"])


def lineage_of(floor: Floor, run_id: str) -> Any:
    return read_json(floor.store, f"{keys.archive_prefix(run_id)}lineage.json")


def raws(floor: Floor) -> list[str]:
    return [info.key for info in floor.store.list("archived/") if "/raw/" in info.key]


def test_rows_of_a_user_who_becomes_known_count_as_if_he_had_always_been(floor: Floor) -> None:
    put(floor, FILE)
    refer(floor, users=MORE_USERS)
    assert floor.settle() == 1
    assert differences(floor, FILE, users=MORE_USERS) == []
    assert floor.settle() == 0


def test_the_replay_leaves_the_raw_file_where_it_rests_and_says_what_it_judged_again(floor: Floor) -> None:
    first = put(floor, FILE)
    refer(floor, users=MORE_USERS)
    before = raws(floor)
    run_id = floor.form_replays()
    assert run_id is not None
    for stage in floor.jobs:
        floor.start(stage, run_id)
    assert raws(floor) == before == [f"{keys.archive_prefix(first)}raw/streams/a.csv"]
    one, two = versions(floor)
    assert (two["state"], two["archived_to"], two["content_version"]) == ("archived", one["archived_to"], 1)
    result = read_json(floor.store, keys.result_key(run_id, "archive"))
    assert_conforms(result, "ArchiveResult")
    assert [(file["archived_to"], file["deleted"]) for file in result["files"]] == [(before[0], False)]
    (told,) = lineage_of(floor, run_id)["files"]
    assert (told["replay"]["of"], told["archived_to"], told["content_version"]) == (1, before[0], 1)
    assert told["replay"]["cause"].startswith("snapshot:")
    assert len(told["rows"]) == 2
    floor.again("archive", run_id)
    assert versions(floor) == [one, two]


def test_a_repeat_noted_at_a_replay_goes_with_it_and_a_correction_stays(floor: Floor) -> None:
    put(floor, FILE)
    refer(floor, users=MORE_USERS)
    run_id = floor.form_replays()
    assert run_id is not None
    assert floor.upload(FILE) is None
    for stage in ("ingest", "validate", "kpi", "load"):
        floor.start(stage, run_id)
    corrected = InputFile(FILE.key, stream(f"u,a,{T}").body, MODIFIED, 2)
    assert floor.upload(corrected) is not None
    floor.start("archive", run_id)
    *_, noted, pending = versions(floor)
    assert floor.store.head(FILE.key, noted["repeats"][0]) is None
    assert floor.store.head(FILE.key, pending["version_id"]) is not None


HELD = stream(f"u,a,{T}", f"y,a,{T}", f"z,b,{T}")


def test_a_released_file_stands_and_all_that_is_told_of_it_names_the_archive(floor: Floor) -> None:
    held_by = put(floor, HELD)
    assert floor.upload(HELD) is None
    floor.ask(HELD.key, "request:1", accept=True)
    assert floor.settle() == 1
    one, two = versions(floor)
    assert (one["state"], two["state"]) == ("held", "archived")
    assert one["archived_to"] == two["archived_to"] != f"{keys.archive_prefix(held_by)}raw/{HELD.key}"
    assert floor.store.read(two["archived_to"])[0] == HELD.body
    assert list(floor.store.list("streams/")) == []
    assert floor.store.head(HELD.key, one["repeats"][0]) is None
    assert floor.exported()["daily_overview"][0]["listen_count"] == 1


def test_a_held_file_of_which_enough_becomes_known_stands_by_itself(floor: Floor) -> None:
    put(floor, HELD)
    users = USERS + "y,Y,1,SE,x\nz,Z,1,SE,x\n"
    refer(floor, users=USERS + "z,Z,1,SE,x\n")
    refer(floor, users=users)
    floor.settle()
    assert differences(floor, HELD, users=users) == []


def test_a_held_file_that_is_held_again_stays_where_it_is(floor: Floor) -> None:
    put(floor, HELD)
    floor.ask(HELD.key, "request:1")
    floor.settle()
    assert [entry["state"] for entry in versions(floor)] == ["held", "held"]
    assert [info.key for info in floor.store.list("streams/")] == [HELD.key]
    assert differences(floor, HELD) == []
    floor.ask(HELD.key, "request:2", accept=True)
    floor.settle()
    assert {entry["archived_to"] for entry in versions(floor)} == {versions(floor)[2]["archived_to"]}
    assert list(floor.store.list("streams/")) == []


def test_mended_rows_count_and_stay_mended_when_a_snapshot_asks(floor: Floor) -> None:
    file = stream(f"u,a,{T}", f"v,b,{T}", "u,b,soon", f"x,a,{T}")
    put(floor, file)
    floor.ask(file.key, "request:1", fixes=b'{"row": 3, "set": {"listen_time": "2018-11-15 12:00:00"}}\n')
    floor.settle()
    refer(floor, users=MORE_USERS)
    floor.settle()
    mended = InputFile(file.key, file.body.replace(b"soon", b"2018-11-15 12:00:00"), MODIFIED)
    assert differences(floor, mended, users=MORE_USERS) == []


def test_a_snapshot_that_lost_a_user_takes_no_rows_away(floor: Floor) -> None:
    put(floor, FILE)
    refer(floor, users=MORE_USERS.replace("u,U,1,DE,x\n", ""))
    floor.settle()
    (line,) = floor.exported()["files"]
    assert (line["accepted"], line["quarantined"]) == (4, {})
    floor.ask(FILE.key, "request:1")
    floor.settle()
    assert floor.exported()["files"] == [line]
    assert sum(date["counted"] for date in floor.exported()["dates"]) == 4


def test_a_backfill_brings_a_past_date_to_the_newest_snapshot_and_leaves_the_others(floor: Floor) -> None:
    file = stream(f"u,a,{T}", "u,a,2018-11-05 10:00:00")
    put(floor, file)
    songs = SONGS.replace("Rock", "folk")
    refer(floor, songs=songs)
    floor.settle()
    genres = [line["genre"] for line in floor.exported()["genre_daily"]]
    floor.backfill(["2018-11-15"])
    assert (genres, [line["genre"] for line in floor.exported()["genre_daily"]]) == (["rock", "rock"], ["rock", "folk"])
    floor.backfill(["2018-11-16", "2018-11-17", "2018-11-05", "2018-11-06", "2018-11-07"])
    assert differences(floor, file, songs=songs) == []
