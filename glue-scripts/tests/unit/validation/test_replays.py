"""Replays in ingest and validate: where their bytes are, when they were uploaded, and what they change."""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from support.schema import assert_conforms
from support.world import NOW, USERS, World

from contracts import keys
from storage.store_directory import DirectoryStore

HEADER = b"user_id,track_id,listen_time\n"
GOOD = HEADER + b"u1,t1,2018-11-15 10:00:00\nu1,t1,2018-11-16 10:00:00\n"
HELD = HEADER + b"u1,t1,2018-11-15 10:00:00\nx,t1,2018-11-15 10:00:00\nx,t1,2018-11-16 10:00:00\n"


def archived(known: World, body: bytes = GOOD) -> dict[str, Any]:
    file = known.put("a.csv", body)
    known.ingest_and_validate(file)
    known.archive(file)
    return file


def ingested(known: World, *files: dict[str, Any]) -> list[Any]:
    """Returns the entries of ingest's result for a run of these files."""
    result = known.ingest(known.create_run(*files))
    assert_conforms(result, "IngestResult")
    return list(result["files"])


def test_a_replay_reads_the_archive_and_its_result_names_the_object(known: World) -> None:
    again = known.replay(archived(known))
    (entry,) = ingested(known, again)
    assert (entry["outcome"], entry["raw"], entry["replay"]) == ("prepared", again["raw"], again["replay"])
    known.ingest_and_validate(again)
    assert known.entry(again)["dates"] == {"2018-11-15": 1, "2018-11-16": 1}


def test_a_replay_of_a_file_under_streams_reads_its_version_there(known: World) -> None:
    file = known.put("a.csv", HELD)
    known.ingest_and_validate(file)
    known.put("a.csv", b"newer content\n")
    again = known.replay(file, accept=True)
    known.ingest_and_validate(again)
    assert known.entry(again)["state"] == "validated"
    assert known.entry(file)["state"] == "held"


@pytest.mark.parametrize("raw", [None, {"key": "streams/a.csv", "version_id": "gone"}])
def test_content_that_was_archived_while_the_replay_waited_is_read_from_the_archive(known: World, raw: Any) -> None:
    file = known.put("a.csv", GOOD)
    known.ingest_and_validate(file)
    again = {**known.replay(file), "raw": raw}
    run_id = known.create_run(again)
    key = known.archive(file)
    (entry,) = known.ingest(run_id)["files"]
    assert entry["raw"] == {"key": key, "version_id": None}
    assert known.validate(run_id)["files"][0]["outcome"] == "validated"


def test_content_that_is_archived_between_ingest_and_validate_is_read_from_the_archive(known: World) -> None:
    file = known.put("a.csv", GOOD)
    known.ingest_and_validate(file)
    run_id = known.create_run(known.replay(file))
    known.ingest(run_id)
    known.archive(file)
    assert known.validate(run_id)["files"][0]["outcome"] == "validated"


def test_all_replays_of_a_file_have_the_time_of_its_upload(tmp_path: Path) -> None:
    now = datetime(2018, 11, 15, 9, 30, tzinfo=timezone.utc)
    clock = [now]
    world = World(DirectoryStore(tmp_path / "store", lambda: clock[0]), tmp_path / "jobs")
    world.reference()
    file = world.put("a.csv", HEADER + b"u1,t1,2018-11-15 10:00:00\nu1,t1,2018-11-15 11:00:00\n")
    world.ingest_and_validate(file)
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
        (entry,) = ingested(world, file)
        assert entry["last_modified"] == "2018-11-15T09:30:00.000Z"
        world.ingest_and_validate(file)
        assert world.entry(file)["ledger"]["quarantined"] == {"timestamp_out_of_range": 1}


def test_without_the_result_of_a_predecessor_the_time_of_arrival_counts(known: World) -> None:
    file = archived(known)
    run_id = known.entry(file)["run_id"]
    known.store.delete(keys.result_key(run_id, "ingest"))
    assert ingested(known, known.replay(file))[0]["last_modified"] == known.entry(file)["arrived_at"]


def test_other_fields_of_a_run_are_no_part_of_the_result(known: World) -> None:
    file = {**known.put("a.csv", GOOD), "arrived_at": "2018-12-01T12:00:00.000Z"}
    assert ingested(known, file)[0]["outcome"] == "prepared"


@pytest.mark.parametrize("before", ["ingest", "validate"])
def test_a_replay_whose_bytes_are_gone_is_rejected_and_changes_nothing(known: World, before: str) -> None:
    file = archived(known)
    entry = known.entry(file)
    again = known.replay(file)
    run_id = known.create_run(again)
    if before == "validate":
        known.ingest(run_id)
    known.store.delete(entry["archived_to"])
    known.ingest(run_id)
    known.validate(run_id)
    assert (known.entry(again)["state"], known.entry(again)["reason"]["code"]) == ("rejected", "missing_object")
    assert known.entry(file) == entry


def test_a_replay_whose_bytes_were_overwritten_is_rejected(known: World) -> None:
    file = archived(known)
    again = known.replay(file)
    run_id = known.create_run(again)
    known.ingest(run_id)
    known.store.put(known.entry(file)["archived_to"], HEADER + b"u1,t1,2018-11-15 10:00:00\n")
    known.validate(run_id)
    assert known.entry(again)["reason"]["code"] == "changed_object"


def test_a_replay_whose_snapshot_is_gone_is_rejected(known: World) -> None:
    file = archived(known)
    known.store.delete(keys.snapshot_key(known.entry(file)["reference_versions"][0], "users"))
    known.reference(users=USERS + b"u9,n,1,SE,2018-01-01\n")
    again = known.replay(file)
    known.ingest_and_validate(again)
    assert known.entry(again)["reason"]["code"] == "missing_object"


def test_an_accepting_replay_ignores_the_threshold_and_another_is_put_on_hold_again(known: World) -> None:
    file = known.put("a.csv", HELD)
    known.ingest_and_validate(file)
    held = known.replay(file)
    known.ingest_and_validate(held)
    released = known.replay(held, "request:2", accept=True)
    result = known.ingest_and_validate(released)
    assert [known.entry(version)["state"] for version in (file, held, released)] == ["held", "held", "validated"]
    assert result["touched_dates"] == ["2018-11-15"]
    assert known.entry(released)["ledger"]["quarantined"] == {"unknown_user": 2}


def test_a_replay_that_is_validated_after_a_correction_is_superseded(known: World) -> None:
    file = archived(known)
    again = known.replay(file)
    run_id = known.create_run(again)
    known.ingest(run_id)
    known.ingest_and_validate(known.put("a.csv", HEADER + b"u2,t1,2018-11-17 10:00:00\n"))
    assert known.validate(run_id)["files"][0]["outcome"] == "superseded"


def test_a_replay_never_waits(world: World) -> None:
    world.reference()
    file = world.put("a.csv", GOOD)
    world.ingest_and_validate(file)
    world.store.delete(keys.REFERENCE_KEY)
    for info in [*world.store.list(keys.SONGS_PREFIX)]:
        world.store.delete(info.key)
    (entry,) = ingested(world, world.replay(file))
    assert (entry["outcome"], NOW.year) == ("prepared", 2018)
