"""What validate leaves in the store: objects, file documents, its result; corrections, lost races, second attempts."""

import pytest
from support.schema import assert_conforms
from support.world import World

from contracts import keys
from jobs.context import JobError
from storage.store import encode, read_json
from validation.outcome import Finding, with_finding

HEADER = b"user_id,track_id,listen_time\n"
FIRST = HEADER + b"u1,t1,2018-11-15 10:00:00\nu1,t1,2018-11-16 10:00:00\n"
SECOND = HEADER + b"u1,t1,2018-11-16 11:00:00\nu1,t2,2018-11-17 10:00:00\n"


def through(world: World, *files: dict[str, object], attempt: int = 1) -> dict[str, object]:
    run_id = world.form(*files)
    world.ingest(run_id)
    result = world.validate(run_id, attempt)
    assert_conforms(result, "ValidateResult")
    return result  # type: ignore[no-any-return]


def test_accepted_rows_lie_by_date_under_run_and_attempt(known: World) -> None:
    file = known.put("a.csv", FIRST)
    result = through(known, file)
    commit = f"{result['run_id']}-1"
    listed = [info.key for info in known.store.list("validated/")]
    assert listed == [keys.validated_key(date, file["file_id"], 1, commit) for date in ("2018-11-15", "2018-11-16")]
    assert known.rows(listed[0])[0][:3] == (None, "u1", "t1")
    document = read_json(known.store, keys.file_key(file["file_id"]))
    assert_conforms(document, "FileDocument")
    entry = document["versions"][0]
    assert (entry["state"], entry["committed_by"]) == ("validated", commit)
    assert entry["dates"] == {"2018-11-15": 1, "2018-11-16": 1}
    assert result["touched_dates"] == entry["touched_dates"] == ["2018-11-15", "2018-11-16"]


def test_a_correction_touches_old_dates_and_leaves_an_empty_object_there(known: World) -> None:
    through(known, known.put("a.csv", FIRST))
    corrected = known.put("a.csv", SECOND)
    result = through(known, corrected)
    assert result["touched_dates"] == ["2018-11-15", "2018-11-16", "2018-11-17"]
    empty = keys.validated_key("2018-11-15", corrected["file_id"], 2, f"{result['run_id']}-1")
    assert known.rows(empty) == []
    assert known.entry(corrected)["dates"] == {"2018-11-16": 1, "2018-11-17": 1}


def test_a_held_correction_leaves_the_older_version_standing(known: World) -> None:
    first = known.put("a.csv", FIRST)
    through(known, first)
    held = known.put("a.csv", HEADER + b"x,t1,2018-11-16 11:00:00\n")
    result = through(known, held)
    assert (known.entry(first)["state"], known.entry(held)["state"]) == ("validated", "held")
    assert result["touched_dates"] == []


def test_an_older_version_that_comes_late_is_superseded(known: World) -> None:
    old = known.put("a.csv", FIRST)
    run_id = known.form(old)
    known.ingest(run_id)
    through(known, known.put("a.csv", SECOND))
    result = known.validate(run_id)
    assert_conforms(result, "ValidateResult")
    assert (result["files"][0]["outcome"], result["touched_dates"]) == ("superseded", [])
    assert known.entry(old)["state"] == "superseded"


def test_a_second_attempt_keeps_what_the_first_had_decided(known: World) -> None:
    file = known.put("a.csv", FIRST)
    result = through(known, file)
    before = known.entry(file)
    known.store.delete(keys.result_key(str(result["run_id"]), "validate"))
    again = known.validate(str(result["run_id"]), attempt=2)
    assert known.entry(file) == before
    assert {**again, "attempt": 1} == result


def test_a_file_that_another_run_took_is_skipped(known: World) -> None:
    file = known.put("a.csv", FIRST)
    run_id = known.form(file)
    known.ingest(run_id)
    known.set(file, run_id="20181201T120000999-0123abcd")
    result = known.validate(run_id)
    assert (result["files"][0]["outcome"], result["touched_dates"]) == ("skipped", [])
    assert not list(known.store.list("validated/"))


def test_a_lost_race_against_another_attempt_is_decided_again(known: World) -> None:
    file = known.put("a.csv", FIRST)
    through(known, file)
    document = read_json(known.store, keys.file_key(file["file_id"]))
    finding = Finding("validated", document["versions"][0]["ledger"], {"2018-11-15": 2}, False, None)
    assert with_finding(document, 1, document["versions"][0]["run_id"], "other-2", finding) is None


def test_a_ledger_that_does_not_balance_fails_the_job(known: World) -> None:
    file = known.put("a.csv", FIRST)
    run_id = known.form(file)
    result = known.ingest(run_id)
    result["files"][0]["read"] = 3
    known.store.put(keys.result_key(run_id, "ingest"), encode(result))
    with pytest.raises(JobError, match=r"streams/a\.csv version 1 does not balance: ingest read 3 rows"):
        known.validate(run_id)
    assert known.entry(file)["state"] == "running"
    assert not list(known.store.list("validated/"))


def test_a_run_of_many_files_is_validated_in_its_order(known: World) -> None:
    files = [known.put(f"{number}.csv", FIRST) for number in range(30)]
    result = through(known, *files)
    assert [file["key"] for file in result["files"]] == [file["key"] for file in files]  # type: ignore[attr-defined]


def test_every_format_and_compression_passes_both_jobs(known: World) -> None:
    import gzip

    import zstandard

    body = b'{"user_id": "u1", "track_id": "t1", "listen_time": 1542276000000, "duration": 1.5}\n{"user_id": []}\n'
    files = [
        known.put("a.json", body),
        known.put("b.gz", gzip.compress(body)),
        known.put("c", zstandard.compress(body)),
    ]
    result = through(known, *files)
    for file, told in zip(files, result["files"], strict=True):  # type: ignore[call-overload]
        assert told["ledger"]["quarantined"] == {"malformed_row": 1}
        assert known.accepted(file, "user_id, ms_played") == {"2018-11-15": [("u1", 1500)]}
        (line,) = known.quarantine(told)
        assert (line["row"], line["raw"]) == (2, '{"user_id": []}')
