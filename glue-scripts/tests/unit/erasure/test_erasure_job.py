"""The erasure job, phase by phase, on a bucket that the five jobs filled."""

import gzip
import json
from pathlib import Path

import pytest
from oracle.builders import MODIFIED, USERS
from oracle.compare import compare
from oracle.model import InputFile
from oracle.pipeline import Sandbox
from support.erasing import ERASURE_ID, all_contents, erase, request_erasure, run_phase
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
from erasure.reprocessing import BlockedError
from jobs.context import JobError
from storage.store import read_json


def naming(sandbox: Sandbox, folder: Path, who: str = WHO) -> list[str]:
    """Returns the keys of all objects with the user's id."""
    return [key for key, body in all_contents(sandbox.store, folder) if who.encode() in body]


def test_after_an_erasure_no_object_has_the_user_and_the_export_is_that_without_the_rows(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    files = (("a.csv", HEADER + OTHERS + THEIRS), ("b.csv", HEADER + f"w,c,{D} 09:00:00,e9\n"))
    run_to_completion(sandbox, *files)
    assert {key.split("/")[0] for key in naming(sandbox, tmp_path)} >= {"archived", "validated", "quarantine", "kpis"}
    last = erase(sandbox, WHO, tmp_path / "jobs")
    assert_conforms(last, "ErasureResult")
    assert (last["files"], last["dates"], last["objects"]) == ([], [], {})
    assert naming(sandbox, tmp_path) == []
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
    assert naming(sandbox, tmp_path) == []
    assert compare(before, sandbox.exported()) == []


def test_a_held_file_moves_to_the_archive_and_is_reprocessed(sandbox: Sandbox, tmp_path: Path) -> None:
    files = (("a.csv", HEADER + OTHERS + f"u,nope,{D} 10:00:00,\n" + f"{WHO},nope,{D} 12:00:00,\n" * 9),)
    run_to_completion(sandbox, *files)
    assert sandbox.exported()["files"][0]["state"] == "held"
    assert erase(sandbox, WHO, tmp_path / "jobs")["objects"] == {}
    assert naming(sandbox, tmp_path) == []
    assert [one.key for one in sandbox.store.versions("streams/")] == []
    assert compare(without_versions(export_without_user(sandbox, *files)), without_versions(sandbox.exported())) == []
    assert sandbox.exported()["files"][0]["state"] == "archived"


def test_a_file_that_stays_on_hold_has_the_rows_no_longer(sandbox: Sandbox, tmp_path: Path) -> None:
    files = (("a.csv", HEADER + THEIRS + f"u,nope,{D} 10:00:00,\n" * 20),)
    run_to_completion(sandbox, *files)
    assert erase(sandbox, WHO, tmp_path / "jobs")["objects"] == {}
    assert naming(sandbox, tmp_path) == []
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
    assert naming(sandbox, tmp_path) == []
    other = empty_copy(sandbox, "other")
    for name, body in files:
        run_to_completion(other, (name, without_user(body)))
    assert compare(without_versions(other.exported()), without_versions(sandbox.exported())) == []


def test_a_rejected_file_that_names_the_user_is_deleted(sandbox: Sandbox, tmp_path: Path) -> None:
    run_to_completion(sandbox, ("a.csv", f"who,track\n{WHO},a\n"), ("b.csv", HEADER + OTHERS), ("c.csv", "who\nu\n"))
    assert erase(sandbox, WHO, tmp_path / "jobs")["files"] == []
    assert naming(sandbox, tmp_path) == []
    assert [one.key for one in sandbox.store.versions("streams/")] == ["streams/c.csv"]
    assert [line["state"] for line in sandbox.exported()["files"]] == ["rejected", "archived", "rejected"]


def test_a_file_with_rows_of_the_user_only_counts_nothing_any_more(sandbox: Sandbox, tmp_path: Path) -> None:
    row = json.dumps({"user_id": WHO, "track_id": "a", "listen_time": f"{D} 10:00:00"})
    run_to_completion(sandbox, ("a.json", row + "\n"))
    assert erase(sandbox, WHO, tmp_path / "jobs")["objects"] == {}
    assert naming(sandbox, tmp_path) == []
    export = sandbox.exported()
    assert (export["user_daily"], export["dates"]) == ([], [])
    assert [(line["state"], line["read"]) for line in export["files"]] == [("archived", 0)]


def test_patched_rows_keep_their_values_and_get_new_numbers(sandbox: Sandbox, tmp_path: Path) -> None:
    body = HEADER + f"{WHO},a,{D} 08:00:00,\nu,nope,{D} 10:00:00,\nv,b,{D} 11:00:00,\nx,b,{D} 12:00:00,\n"
    run_to_completion(sandbox, ("a.csv", body))
    name = keys.file_id("streams/a.csv")
    patches = keys.patches_key(name, 1, "20181201T000000000-0000000f")
    lines = ({"row": 2, "set": {"track_id": "c"}}, {"row": 4, "set": {"user_id": WHO}})
    sandbox.store.put(patches, b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    requested = {
        "of": 1,
        "cause": "request:1",
        "why": "typo",
        "requested_by": "me",
        "accept": True,
        "patches_key": patches,
    }
    requested |= {"requested_at": "2018-12-01T00:00:00.000Z"}
    marker = {"schema_version": 1, "file_id": name, "key": "streams/a.csv", "replay": requested}
    sandbox.store.put(keys.replay_key(name, 1, "request:1"), json.dumps(marker).encode())
    sandbox.run_replays()
    assert sandbox.exported()["files"][0]["accepted"] == 4
    last = erase(sandbox, WHO, tmp_path / "jobs")
    assert last["objects"] == {} and naming(sandbox, tmp_path) == []
    assert {line["user_id"]: line["listen_count"] for line in sandbox.exported()["user_daily"]} == {"u": 1, "v": 1}
    assert sandbox.exported()["quarantine"] == []


def test_an_id_that_needs_quotes_is_found_in_raw_and_derived_objects(sandbox: Sandbox, tmp_path: Path) -> None:
    who = 'q"u/é\\'
    sandbox.store.put("reference/users/users.csv", f'{USERS}"q""u/é\\",W,1,US,x\n'.encode())
    row = json.dumps({"user_id": who, "track_id": "nope", "listen_time": f"{D} 10:00:00"})
    theirs = f'"q""u/é\\",{{}},{D} 10:00:00,\n'
    body = HEADER + OTHERS + theirs.format("a") + theirs.format("nope")
    other = json.dumps({"user_id": "u", "track_id": "a", "listen_time": f"{D} 10:00:00"})
    run_to_completion(sandbox, ("a.csv", body), ("b.json", f"{row}\n{other}\n{other}\n"))
    assert {line["user_id"] for line in sandbox.exported()["user_daily"]} == {"u", "v", who}
    assert len(sandbox.exported()["quarantine"]) == 2
    assert erase(sandbox, who, tmp_path / "jobs")["objects"] == {}
    left = [body for _, body in all_contents(sandbox.store, tmp_path)]
    assert not any(part in body for body in left for part in (b"u/\xc3\xa9", b"u/\\u00e9", b"u/\\\\u00e9"))


def test_change_logs_lose_the_user_and_keep_all_other_changes(sandbox: Sandbox, tmp_path: Path) -> None:
    run_to_completion(sandbox, ("a.csv", HEADER + OTHERS))
    run_to_completion(sandbox, ("a.csv", HEADER + OTHERS + THEIRS))
    assert erase(sandbox, WHO, tmp_path / "jobs")["objects"] == {}
    logs = list(sandbox.store.list(f"{keys.CHANGES_PREFIX}{D}/"))
    assert len(logs) == 2
    for info in logs:
        head, *changes = map(json.loads, gzip.decompress(sandbox.store.read(info.key)[0]).splitlines())
        assert head["changes"] == len(changes) > 0
        assert all(change["dimension"] != WHO for change in changes)


def test_items_that_load_could_not_remove_are_removed_from_the_table(sandbox: Sandbox, tmp_path: Path) -> None:
    """load compares with older KPI objects, and those expire."""
    run_to_completion(sandbox, ("a.csv", HEADER + OTHERS + THEIRS))
    request_erasure(sandbox, WHO)
    run_phase(sandbox, "rewrite", tmp_path / "rewrite")
    for info in list(sandbox.store.list("kpis/metric=user_daily/")):
        sandbox.store.delete(info.key)
    sandbox.run_replays()
    assert run_phase(sandbox, "find", tmp_path / "find")["objects"]["music_streaming_kpis"] == 2
    run_phase(sandbox, "purge", tmp_path / "purge")
    assert run_phase(sandbox, "find", tmp_path / "again")["objects"] == {}
    assert all(line["user_id"] != WHO for line in sandbox.exported()["user_daily"])


def test_rewrite_and_purge_fail_while_a_run_is_active(sandbox: Sandbox, tmp_path: Path) -> None:
    run_to_completion(sandbox, ("a.csv", HEADER + OTHERS + THEIRS))
    request_erasure(sandbox, WHO)
    sandbox.store.put(f"{keys.ACTIVE_PREFIX}kpi/r.json", b"{}")
    for name in ("rewrite", "purge"):
        with pytest.raises(JobError, match=r"processed/active/kpi/r\.json says that work is under way; wait"):
            run_phase(sandbox, name, tmp_path / name)
    assert run_phase(sandbox, "find", tmp_path / "find")["files"]


def test_purge_fails_while_a_file_is_not_reprocessed(sandbox: Sandbox, tmp_path: Path) -> None:
    run_to_completion(sandbox, ("a.csv", HEADER + OTHERS + THEIRS))
    request_erasure(sandbox, WHO)
    with pytest.raises(JobError, match="has no result of rewrite"):
        run_phase(sandbox, "purge", tmp_path / "early")
    result = run_phase(sandbox, "rewrite", tmp_path / "rewrite")
    sandbox.store.delete(result["files"][0]["replay"])
    with pytest.raises(BlockedError, match=r"streams/a\.csv version 1 was not reprocessed yet"):
        run_phase(sandbox, "purge", tmp_path / "purge")


@pytest.mark.parametrize(
    ("prefix", "message"),
    [
        (f"validated/event_date={D}/", "counts and still has rows of the user"),
        (f"kpis/metric=user_daily/event_date={D}/", "is published and still has the user"),
    ],
)
def test_purge_fails_while_a_current_object_has_the_user(
    sandbox: Sandbox, tmp_path: Path, prefix: str, message: str
) -> None:
    run_to_completion(sandbox, ("a.csv", HEADER + OTHERS + THEIRS))
    (before,) = sandbox.store.list(prefix)
    body, _ = sandbox.store.read(before.key)
    request_erasure(sandbox, WHO)
    run_phase(sandbox, "rewrite", tmp_path / "rewrite")
    sandbox.run_replays()
    current = [info.key for info in sandbox.store.list(prefix) if info.key != before.key]
    sandbox.store.put(current[0], body)
    with pytest.raises(BlockedError, match=f"{current[0]} {message}"):
        run_phase(sandbox, "purge", tmp_path / "purge")


@pytest.mark.parametrize(("state", "remedy"), [("waiting", "put reference data"), ("running", "see to run")])
def test_rewrite_fails_while_a_run_needs_a_file_of_the_user(
    sandbox: Sandbox, tmp_path: Path, state: str, remedy: str
) -> None:
    sandbox.upload(InputFile("streams/a.csv", (HEADER + THEIRS).encode(), MODIFIED))
    name = keys.file_key(keys.file_id("streams/a.csv"))
    document = read_json(sandbox.store, name)
    document["versions"][0]["state"] = state
    sandbox.store.put(name, json.dumps(document).encode())
    request_erasure(sandbox, WHO)
    with pytest.raises(BlockedError, match=f"version 1 is {state} and has rows of the user; {remedy}"):
        run_phase(sandbox, "rewrite", tmp_path / "rewrite")


def test_an_unknown_phase_fails_and_lists_the_phases(sandbox: Sandbox, tmp_path: Path) -> None:
    request_erasure(sandbox, WHO)
    with pytest.raises(JobError, match="--phase all is not known: choose one of find, rewrite, purge"):
        run_phase(sandbox, "all", tmp_path / "all")
