"""The objects, documents and results of validate: corrections, lost races, second attempts."""

import gzip
from datetime import datetime
from typing import Any

import pytest
import zstandard
from support.schema import assert_conforms
from support.world import World

from contracts import keys
from jobs.context import JobError
from storage.store import encode, read_json
from validation.outcome import Outcome, with_outcome

HEADER = b"user_id,track_id,listen_time\n"
FIRST = HEADER + b"u1,t1,2018-11-15 10:00:00\nu1,t1,2018-11-16 10:00:00\n"
SECOND = HEADER + b"u1,t1,2018-11-16 11:00:00\nu1,t2,2018-11-17 10:00:00\n"


def validated(world: World, *files: dict[str, Any]) -> Any:
    """Returns validate's result for a run of these files."""
    result = world.ingest_and_validate(*files)
    assert_conforms(result, "ValidateResult")
    return result


def test_accepted_rows_are_written_by_date_under_run_and_attempt(known: World) -> None:
    file = known.put("a.csv", FIRST)
    result = validated(known, file)
    commit = f"{result['run_id']}-1"
    listed = [info.key for info in known.store.list("validated/")]
    assert listed == [keys.validated_key(date, file["file_id"], 1, commit) for date in ("2018-11-15", "2018-11-16")]
    moment = datetime(2018, 11, 15, 10)
    assert known.rows(listed[0]) == [("u1", "t1", moment, None, None, None, None)]
    document = read_json(known.store, keys.file_key(file["file_id"]))
    assert_conforms(document, "FileDocument")
    entry = document["versions"][0]
    assert (entry["state"], entry["committed_by"]) == ("validated", commit)
    assert entry["dates"] == {"2018-11-15": 1, "2018-11-16": 1}
    assert result["touched_dates"] == entry["touched_dates"] == ["2018-11-15", "2018-11-16"]


def test_a_correction_touches_old_dates_and_leaves_an_empty_object_there(known: World) -> None:
    validated(known, known.put("a.csv", FIRST))
    corrected = known.put("a.csv", SECOND)
    result = validated(known, corrected)
    assert result["touched_dates"] == ["2018-11-15", "2018-11-16", "2018-11-17"]
    empty = keys.validated_key("2018-11-15", corrected["file_id"], 2, f"{result['run_id']}-1")
    assert known.rows(empty) == []
    assert known.entry(corrected)["dates"] == {"2018-11-16": 1, "2018-11-17": 1}


def test_a_correction_on_hold_leaves_the_older_version_current(known: World) -> None:
    first = known.put("a.csv", FIRST)
    validated(known, first)
    held = known.put("a.csv", HEADER + b"x,t1,2018-11-16 11:00:00\n")
    result = validated(known, held)
    assert (known.entry(first)["state"], known.entry(held)["state"]) == ("validated", "held")
    assert result["touched_dates"] == []


def test_an_older_version_that_is_validated_late_is_superseded(known: World) -> None:
    old = known.put("a.csv", FIRST)
    run_id = known.create_run(old)
    known.ingest(run_id)
    validated(known, known.put("a.csv", SECOND))
    result = known.validate(run_id)
    assert_conforms(result, "ValidateResult")
    assert (result["files"][0]["outcome"], result["touched_dates"]) == ("superseded", [])
    assert known.entry(old)["state"] == "superseded"


def test_a_second_attempt_keeps_the_outcome_of_the_first(known: World) -> None:
    file = known.put("a.csv", FIRST)
    result = validated(known, file)
    before = known.entry(file)
    known.store.delete(keys.result_key(str(result["run_id"]), "validate"))
    again = known.validate(str(result["run_id"]), attempt=2)
    assert known.entry(file) == before
    assert {**again, "attempt": 1} == result


def test_a_file_of_another_run_is_skipped(known: World) -> None:
    file = known.put("a.csv", FIRST)
    run_id = known.create_run(file)
    known.ingest(run_id)
    known.set(file, run_id="20181201T120000999-0123abcd")
    result = known.validate(run_id)
    assert (result["files"][0]["outcome"], result["touched_dates"]) == ("skipped", [])
    assert not list(known.store.list("validated/"))


def test_an_outcome_does_not_replace_that_of_another_attempt(known: World) -> None:
    file = known.put("a.csv", FIRST)
    validated(known, file)
    document = read_json(known.store, keys.file_key(file["file_id"]))
    outcome = Outcome("validated", document["versions"][0]["ledger"], {"2018-11-15": 2}, 0, None)
    assert with_outcome(document, 1, document["versions"][0]["run_id"], "other-2", outcome) is None


def test_a_ledger_that_does_not_balance_fails_the_job(known: World) -> None:
    file = known.put("a.csv", FIRST)
    run_id = known.create_run(file)
    result = known.ingest(run_id)
    result["files"][0]["read"] = 3
    known.store.put(keys.result_key(run_id, "ingest"), encode(result))
    with pytest.raises(JobError, match=r"streams/a\.csv version 1 does not balance: ingest read 3 rows"):
        known.validate(run_id)
    assert known.entry(file)["state"] == "running"
    assert not list(known.store.list("validated/"))


def test_the_result_has_the_files_in_the_order_of_the_run(known: World) -> None:
    files = [known.put(f"{number}.csv", FIRST) for number in range(30)]
    result = validated(known, *files)
    assert [file["key"] for file in result["files"]] == [file["key"] for file in files]


def test_a_file_of_each_format_and_compression_passes_both_jobs(known: World) -> None:
    body = b'{"user_id": "u1", "track_id": "t1", "listen_time": 1542276000000, "duration": 1.5}\n{"user_id": []}\n'
    files = [
        known.put("a.json", body),
        known.put("b.gz", gzip.compress(body)),
        known.put("c", zstandard.compress(body)),
    ]
    result = validated(known, *files)
    for file, entry in zip(files, result["files"], strict=True):
        assert entry["ledger"]["quarantined"] == {"malformed_row": 1}
        assert known.accepted(file, "user_id, ms_played") == {"2018-11-15": [("u1", 1500)]}
        (line,) = known.quarantine(entry)
        assert (line["row"], line["raw"]) == (2, '{"user_id": []}')
