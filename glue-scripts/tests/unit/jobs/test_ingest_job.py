"""The ingest job on a bucket: outcomes, documents, repeated attempts."""

from support.schema import assert_conforms
from support.world import World

from contracts import keys
from storage.store import read_json

CSV = b"user_id,track_id,listen_time\nu1,t1,2018-11-15 10:00:00\n"


def test_the_result_has_the_outcome_of_each_file(known: World) -> None:
    good = known.put("good.csv", CSV)
    bad = known.put("bad.csv", b"user,track\n")
    taken = known.put("taken.csv", CSV)
    run_id = known.create_run(good, bad, taken)
    known.set(taken, run_id="20181201T120000999-0123abcd")
    result = known.ingest(run_id)
    assert_conforms(result, "IngestResult")
    assert [file["outcome"] for file in result["files"]] == ["prepared", "rejected", "skipped"]
    first, second, _ = result["files"]
    assert (first["format"], first["compression"], first["read"]) == ("csv", "none", 1)
    assert first["last_modified"] == "2018-12-01T12:00:00.000Z"
    assert first["source"]["kind"] == "lines"
    assert second["reason"]["code"] == "missing_column"
    assert (known.entry(bad)["state"], known.entry(bad)["reason"]) == ("rejected", second["reason"])
    assert known.entry(good)["state"] == "running"
    assert_conforms(read_json(known.store, keys.file_key(bad["file_id"])), "FileDocument")


def test_the_version_of_the_run_is_read_though_there_is_a_newer_one(known: World) -> None:
    old = known.put("a.csv", CSV)
    run_id = known.create_run(old)
    known.put("a.csv", b"not,this\n")
    assert known.ingest(run_id)["files"][0]["read"] == 1


def test_a_version_that_is_gone_is_rejected(known: World) -> None:
    file = known.put("a.csv", CSV)
    known.store.delete(file["key"], file["version_id"])
    run_id = known.create_run(file)
    assert known.ingest(run_id)["files"][0]["reason"]["code"] == "missing_object"


def test_without_reference_data_a_file_waits_and_has_a_marker(world: World) -> None:
    file = world.put("a.csv", CSV)
    run_id = world.create_run(file)
    result = world.ingest(run_id)
    assert_conforms(result, "IngestResult")
    assert (result["reference_version"], result["files"][0]["outcome"]) == (None, "waiting")
    assert world.entry(file)["state"] == "waiting"
    marker = read_json(world.store, keys.waiting_key(file["file_id"]))
    assert_conforms(marker, "ArrivalMarker")
    assert marker["version_id"] == file["version_id"]
    world.reference()
    assert world.ingest(world.create_run(file))["files"][0]["outcome"] == "prepared"


def test_a_second_attempt_after_the_commit_changes_nothing(known: World) -> None:
    file = known.put("a.csv", CSV)
    run_id = known.create_run(file)
    first = known.ingest(run_id)
    assert known.ingest(run_id, attempt=2) == first


def test_an_attempt_after_a_crash_before_the_commit_has_the_same_result(known: World) -> None:
    files = [known.put("good.csv", CSV), known.put("bad.csv", b"user,track\n")]
    run_id = known.create_run(*files)
    first = known.ingest(run_id)
    known.store.delete(keys.result_key(run_id, "ingest"))
    second = known.ingest(run_id, attempt=2)
    assert {**second, "attempt": 1, "snapshot": None} == {**first, "snapshot": None}


def test_a_file_that_cannot_be_split_at_commas_gets_a_prepared_object(known: World) -> None:
    file = known.put("a.csv", b'user_id,track_id,listen_time\n"u1",t1,2018-11-15 10:00:00\n')
    run_id = known.create_run(file)
    (entry,) = known.ingest(run_id)["files"]
    assert entry["source"] == {
        "kind": "prepared",
        "key": keys.prepared_key(run_id, file["file_id"], 1, f"{run_id}-1"),
    }
    assert known.rows(entry["source"]["key"], "row_number, raw, user_id") == [(1, '"u1",t1,2018-11-15 10:00:00', "u1")]
