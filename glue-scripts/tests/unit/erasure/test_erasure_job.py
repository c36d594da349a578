"""The erasure job, phase by phase, on a bucket that the five jobs filled."""

import json
from pathlib import Path

import pytest
from oracle.compare import compare
from oracle.pipeline import Sandbox
from support.erasing import ERASURE_ID, erase, keys_naming, request_erasure, run_phase
from support.erasure_files import (
    HEADER,
    OTHERS,
    THEIRS,
    WHO,
    D,
    empty_copy,
    export_without_user,
    run_to_completion,
    without_user,
    without_versions,
)
from support.schema import assert_conforms

from contracts import keys
from erasure.person import Person
from jobs.context import JobError


def test_after_an_erasure_no_object_has_the_user_and_the_export_is_that_without_the_rows(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    files = (("a.csv", HEADER + OTHERS + THEIRS), ("b.csv", HEADER + f"w,c,{D} 09:00:00,e9\n"))
    run_to_completion(sandbox, *files)
    assert {key.split("/")[0] for key in keys_naming(sandbox, WHO, tmp_path)} >= {
        "archived",
        "validated",
        "quarantine",
        "kpis",
    }
    last = erase(sandbox, WHO, tmp_path / "jobs")
    assert_conforms(last, "ErasureResult")
    assert (last["files"], last["dates"], last["objects"]) == ([], [], {})
    assert keys_naming(sandbox, WHO, tmp_path) == []
    assert compare(without_versions(export_without_user(sandbox, *files)), without_versions(sandbox.exported())) == []


def test_find_reports_files_rows_dates_and_objects_and_changes_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    run_to_completion(sandbox, ("a.csv", HEADER + OTHERS + THEIRS), ("b.csv", HEADER + OTHERS))
    before = [(one.key, one.version_id) for one in sandbox.store.versions("")]
    request_erasure(sandbox, WHO)
    found = run_phase(sandbox, "find", tmp_path / "find")
    assert_conforms(found, "ErasureResult")
    name = keys.file_id("streams/a.csv")
    assert found["files"] == [{"file_id": name, "key": "streams/a.csv", "version": 1, "rows": 4, "replay": None}]
    assert found["dates"] == [D, "2018-11-17"]
    # Raw and rows; quarantine; user items, those of the run in the archive, and those in the table.
    assert found["objects"]["quarantine/"] == 1 and found["objects"]["music_streaming_kpis"] == 2
    assert set(found["objects"]) == {"archived/", "kpis/", "music_streaming_kpis", "quarantine/", "validated/"}
    assert found["user_digest"] == Person(WHO).digest and WHO not in json.dumps(found)
    after = [(one.key, one.version_id) for one in sandbox.store.versions("") if ERASURE_ID not in one.key]
    assert after == before


def test_no_log_line_names_the_user(sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_to_completion(sandbox, ("a.csv", HEADER + OTHERS + THEIRS))
    capsys.readouterr()
    erase(sandbox, WHO, tmp_path / "jobs")
    output = capsys.readouterr()
    assert "erasure_phase" in output.out and WHO not in output.out + output.err


def test_a_replaced_version_is_cleaned_but_not_reprocessed(sandbox: Sandbox, tmp_path: Path) -> None:
    run_to_completion(sandbox, ("a.csv", HEADER + OTHERS + THEIRS))
    run_to_completion(sandbox, ("a.csv", HEADER + OTHERS))
    request_erasure(sandbox, WHO)
    result = run_phase(sandbox, "rewrite", tmp_path / "rewrite")
    assert [(line["version"], line["rows"], line["replay"]) for line in result["files"]] == [(1, 4, None)]
    sandbox.run_replays()
    before = sandbox.exported()
    run_phase(sandbox, "purge", tmp_path / "purge")
    assert run_phase(sandbox, "find", tmp_path / "find")["objects"] == {}
    assert keys_naming(sandbox, WHO, tmp_path) == []
    assert compare(before, sandbox.exported()) == []


def test_a_held_file_moves_to_the_archive_and_is_reprocessed(sandbox: Sandbox, tmp_path: Path) -> None:
    files = (("a.csv", HEADER + OTHERS + f"u,nope,{D} 10:00:00,\n" + f"{WHO},nope,{D} 12:00:00,\n" * 9),)
    run_to_completion(sandbox, *files)
    assert sandbox.exported()["files"][0]["state"] == "held"
    assert erase(sandbox, WHO, tmp_path / "jobs")["objects"] == {}
    assert keys_naming(sandbox, WHO, tmp_path) == []
    assert [one.key for one in sandbox.store.versions("streams/")] == []
    assert compare(without_versions(export_without_user(sandbox, *files)), without_versions(sandbox.exported())) == []
    assert sandbox.exported()["files"][0]["state"] == "archived"


def test_a_file_that_stays_on_hold_has_the_rows_no_longer(sandbox: Sandbox, tmp_path: Path) -> None:
    files = (("a.csv", HEADER + THEIRS + f"u,nope,{D} 10:00:00,\n" * 20),)
    run_to_completion(sandbox, *files)
    assert erase(sandbox, WHO, tmp_path / "jobs")["objects"] == {}
    assert keys_naming(sandbox, WHO, tmp_path) == []
    assert compare(without_versions(export_without_user(sandbox, *files)), without_versions(sandbox.exported())) == []


@pytest.mark.parametrize("above", ["", f"{WHO},nope,{D} 12:00:00,\n"])
def test_a_current_version_below_a_held_one_is_reprocessed_first(sandbox: Sandbox, tmp_path: Path, above: str) -> None:
    """A file has one version in progress at a time: the held one follows in the next round."""
    files = [("a.csv", HEADER + OTHERS + THEIRS), ("a.csv", HEADER + above + f"u,nope,{D} 12:00:00,\n" * 9)]
    for file in files:
        run_to_completion(sandbox, file)
    assert [line["state"] for line in sandbox.exported()["files"]] == ["archived", "held"]
    request_erasure(sandbox, WHO)
    rounds = []
    for number in range(3):
        result = run_phase(sandbox, "rewrite", tmp_path / str(number))
        rounds.append([(line["version"], line["rows"], line["replay"] is not None) for line in result["files"]])
        if number == 0:
            with pytest.raises(JobError, match="work is under way"):
                run_phase(sandbox, "purge", tmp_path / "early")
        sandbox.run_replays()
    held = bool(above)
    assert rounds == [
        [(1, 4, True), (2, held, False)],
        [(1, 4, True), (2, held, True)],
        [(1, 4, True), (2, held, True)],
    ]
    run_phase(sandbox, "purge", tmp_path / "purge")
    assert run_phase(sandbox, "find", tmp_path / "find")["objects"] == {}
    assert keys_naming(sandbox, WHO, tmp_path) == []
    other = empty_copy(sandbox, "other")
    for name, body in files:
        run_to_completion(other, (name, without_user(body)))
    assert compare(without_versions(other.exported()), without_versions(sandbox.exported())) == []


def test_a_rejected_file_that_names_the_user_is_deleted(sandbox: Sandbox, tmp_path: Path) -> None:
    run_to_completion(sandbox, ("a.csv", f"who,track\n{WHO},a\n"), ("b.csv", HEADER + OTHERS), ("c.csv", "who\nu\n"))
    assert erase(sandbox, WHO, tmp_path / "jobs")["files"] == []
    assert keys_naming(sandbox, WHO, tmp_path) == []
    assert [one.key for one in sandbox.store.versions("streams/")] == ["streams/c.csv"]
    assert [line["state"] for line in sandbox.exported()["files"]] == ["rejected", "archived", "rejected"]


def test_a_file_with_rows_of_the_user_only_counts_nothing_any_more(sandbox: Sandbox, tmp_path: Path) -> None:
    row = json.dumps({"user_id": WHO, "track_id": "a", "listen_time": f"{D} 10:00:00"})
    run_to_completion(sandbox, ("a.json", row + "\n"))
    assert erase(sandbox, WHO, tmp_path / "jobs")["objects"] == {}
    assert keys_naming(sandbox, WHO, tmp_path) == []
    export = sandbox.exported()
    assert (export["user_daily"], export["dates"]) == ([], [])
    assert [(line["state"], line["read"]) for line in export["files"]] == [("archived", 0)]
