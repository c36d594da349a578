"""Replays in ingest and validate: where their bytes come from, when they were uploaded, and what stands meanwhile."""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from support.schema import assert_conforms
from support.world import NOW, USERS, World

from contracts import keys
from storage.store import encode, read_json
from storage.store_directory import DirectoryStore

HEADER = b"user_id,track_id,listen_time\n"
GOOD = HEADER + b"u1,t1,2018-11-15 10:00:00\nu1,t1,2018-11-16 10:00:00\n"
HELD = HEADER + b"u1,t1,2018-11-15 10:00:00\nx,t1,2018-11-15 10:00:00\nx,t1,2018-11-16 10:00:00\n"


def archived(known: World, body: bytes = GOOD) -> dict[str, Any]:
    file = known.put("a.csv", body)
    known.through(file)
    known.archive(file)
    return file


def ingested(known: World, *files: dict[str, Any]) -> list[Any]:
    result = known.ingest(known.form(*files))
    assert_conforms(result, "IngestResult")
    return list(result["files"])


def test_a_replay_reads_the_archive_and_says_so(known: World) -> None:
    again = known.replay(archived(known))
    (told,) = ingested(known, again)
    assert (told["outcome"], told["raw"], told["replay"]) == ("prepared", again["raw"], again["replay"])
    known.through(again)
    assert known.entry(again)["dates"] == {"2018-11-15": 1, "2018-11-16": 1}


def test_a_replay_of_a_file_under_streams_reads_its_version_there(known: World) -> None:
    file = known.put("a.csv", HELD)
    known.through(file)
    known.put("a.csv", b"newer content\n")
    again = known.replay(file, accept=True)
    known.through(again)
    assert known.entry(again)["state"] == "validated"
    assert known.entry(file)["state"] == "held"


@pytest.mark.parametrize("raw", [None, {"key": "streams/a.csv", "version_id": "gone"}])
def test_what_was_archived_while_the_replay_waited_is_found_there(known: World, raw: Any) -> None:
    file = known.put("a.csv", GOOD)
    known.through(file)
    again = {**known.replay(file), "raw": raw}
    run_id = known.form(again)
    place = known.archive(file)
    (told,) = known.ingest(run_id)["files"]
    assert told["raw"] == {"key": place, "version_id": None}
    assert known.validate(run_id)["files"][0]["outcome"] == "validated"


def test_what_is_archived_between_ingest_and_validate_is_found_there(known: World) -> None:
    file = known.put("a.csv", GOOD)
    known.through(file)
    run_id = known.form(known.replay(file))
    known.ingest(run_id)
    known.archive(file)
    assert known.validate(run_id)["files"][0]["outcome"] == "validated"


def test_the_time_of_the_first_arrival_counts_through_all_replays(tmp_path: Path) -> None:
    now = datetime(2018, 11, 15, 9, 30, tzinfo=timezone.utc)
    clock = [now]
    world = World(DirectoryStore(tmp_path / "store", lambda: clock[0]), tmp_path / "jobs")
    world.reference()
    file = world.put("a.csv", HEADER + b"u1,t1,2018-11-15 10:00:00\nu1,t1,2018-11-15 11:00:00\n")
    world.through(file)
    for number in range(3):
        clock[0] += timedelta(days=1)
        if number < 2:
            world.archive(file)
            world.store.copy(world.entry(file)["archived_to"], file["key"])
            moved = world.store.head(file["key"])
            assert moved is not None
            world.set(file, version_id=moved.version_id)
            file = {**file, "version_id": moved.version_id}
        file = world.replay(file, f"request:{number}")
        (told,) = ingested(world, file)
        assert told["last_modified"] == "2018-11-15T09:30:00.000Z"
        world.through(file)
        assert world.entry(file)["ledger"]["quarantined"] == {"timestamp_out_of_range": 1}


def test_without_a_result_of_before_the_noted_arrival_counts(known: World) -> None:
    file = archived(known)
    run_id = known.entry(file)["run_id"]
    known.store.delete(keys.result_key(run_id, "ingest"))
    assert ingested(known, known.replay(file))[0]["last_modified"] == known.entry(file)["arrived_at"]


def test_a_run_of_before_there_were_replays_is_read_all_the_same(known: World) -> None:
    file = known.put("a.csv", GOOD)
    run_id = known.form(file)
    run = read_json(known.store, keys.run_key(run_id))
    for name in ("replay", "raw"):
        del run["files"][0][name]
    for name in ("dates", "reference_version", "why"):
        del run[name]
    known.store.put(keys.run_key(run_id), encode(run))
    document = read_json(known.store, keys.file_key(file["file_id"]))
    for name in ("content_version", "replay", "reference_versions"):
        del document["versions"][0][name]
    known.store.put(keys.file_key(file["file_id"]), encode(document))
    result = known.ingest(run_id)
    assert_conforms(result, "IngestResult")
    for told in result["files"]:
        del told["replay"], told["raw"]
    known.store.put(keys.result_key(run_id, "ingest"), encode(result))
    assert known.validate(run_id)["files"][0]["outcome"] == "validated"


def test_what_else_a_run_says_of_its_files_is_no_part_of_the_result(known: World) -> None:
    file = {**known.put("a.csv", GOOD), "arrived_at": "2018-12-01T12:00:00.000Z"}
    assert ingested(known, file)[0]["outcome"] == "prepared"


@pytest.mark.parametrize("before", ["ingest", "validate"])
def test_a_replay_whose_bytes_are_gone_changes_nothing(known: World, before: str) -> None:
    file = archived(known)
    entry = known.entry(file)
    again = known.replay(file)
    run_id = known.form(again)
    if before == "validate":
        known.ingest(run_id)
    known.store.delete(entry["archived_to"])
    known.ingest(run_id)
    known.validate(run_id)
    assert (known.entry(again)["state"], known.entry(again)["reason"]["code"]) == ("rejected", "missing_object")
    assert known.entry(file) == entry


def test_a_replay_whose_bytes_were_written_anew_meanwhile_changes_nothing(known: World) -> None:
    file = archived(known)
    again = known.replay(file)
    run_id = known.form(again)
    known.ingest(run_id)
    known.store.put(known.entry(file)["archived_to"], HEADER + b"u1,t1,2018-11-15 10:00:00\n")
    known.validate(run_id)
    assert known.entry(again)["reason"]["code"] == "changed_object"


def test_a_replay_whose_snapshot_is_gone_changes_nothing(known: World) -> None:
    file = archived(known)
    known.store.delete(keys.snapshot_key(known.entry(file)["reference_versions"][0], "users"))
    known.reference(users=USERS + b"u9,n,1,SE,2018-01-01\n")
    again = known.replay(file)
    known.through(again)
    assert known.entry(again)["reason"]["code"] == "missing_object"


def test_accept_waives_the_threshold_and_without_it_the_file_is_held_again(known: World) -> None:
    file = known.put("a.csv", HELD)
    known.through(file)
    held = known.replay(file)
    known.through(held)
    released = known.replay(held, "request:2", accept=True)
    result = known.through(released)
    assert [known.entry(version)["state"] for version in (file, held, released)] == ["held", "held", "validated"]
    assert result["touched_dates"] == ["2018-11-15"]
    assert known.entry(released)["ledger"]["quarantined"] == {"unknown_user": 2}


def test_a_replay_that_a_correction_overtook_is_superseded(known: World) -> None:
    file = archived(known)
    again = known.replay(file)
    run_id = known.form(again)
    known.ingest(run_id)
    known.through(known.put("a.csv", HEADER + b"u2,t1,2018-11-17 10:00:00\n"))
    assert known.validate(run_id)["files"][0]["outcome"] == "superseded"


def test_a_replay_never_waits(world: World) -> None:
    world.reference()
    file = world.put("a.csv", GOOD)
    world.through(file)
    world.store.delete(keys.REFERENCE_KEY)
    for info in [*world.store.list(keys.SONGS_PREFIX)]:
        world.store.delete(info.key)
    (told,) = ingested(world, world.replay(file))
    assert (told["outcome"], NOW.year) == ("prepared", 2018)
