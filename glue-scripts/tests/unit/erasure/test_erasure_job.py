"""The erasure job, phase by phase, on a bucket that the five jobs filled."""

import gzip
import json
from pathlib import Path

import pytest
from oracle.builders import MODIFIED, USERS
from oracle.compare import compare
from oracle.model import InputFile
from oracle.pipeline import Sandbox
from support.erasing import ERASURE_ID, ask, bytes_of, erased, phase, replay
from support.erasure_files import HEADER, OTHERS, THEIRS, WHO, D, settle, shown, without
from support.schema import assert_conforms

from contracts import keys
from erasure.person import Person
from erasure.plan import NotTerminalError
from jobs.context import JobError
from storage.store import read_json


def naming(sandbox: Sandbox, folder: Path, who: str = WHO) -> list[str]:
    return [key for key, body in bytes_of(sandbox.store, folder) if who.encode() in body]


def test_nothing_of_the_user_is_left_and_all_else_is_as_if_they_had_never_been(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    files = (("a.csv", HEADER + OTHERS + THEIRS), ("b.csv", HEADER + f"w,c,{D} 09:00:00,e9\n"))
    settle(sandbox, *files)
    assert {key.split("/")[0] for key in naming(sandbox, tmp_path)} >= {"archived", "validated", "quarantine", "kpis"}
    last = erased(sandbox, WHO, tmp_path / "jobs")
    assert_conforms(last, "ErasureResult")
    assert (last["files"], last["dates"], last["objects"]) == ([], [], {})
    assert naming(sandbox, tmp_path) == []
    assert compare(shown(without(sandbox, *files)), shown(sandbox.exported())) == []


def test_find_tells_files_rows_dates_and_objects_and_changes_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    settle(sandbox, ("a.csv", HEADER + OTHERS + THEIRS), ("b.csv", HEADER + OTHERS))
    before = [(one.key, one.version_id) for one in sandbox.store.versions("")]
    ask(sandbox, WHO)
    found = phase(sandbox, "find", tmp_path / "find")
    assert_conforms(found, "ErasureResult")
    name = keys.file_id("streams/a.csv")
    assert found["files"] == [{"file_id": name, "key": "streams/a.csv", "version": 1, "rows": 4, "replay": None}]
    assert found["dates"] == [D, "2018-11-17"]
    # Rows, event ids, raw; quarantine; user items now, of the run in the archive, and in the table.
    assert found["objects"]["quarantine/"] == 1 and found["objects"]["music_streaming_kpis"] == 2
    assert set(found["objects"]) == {"archived/", "kpis/", "music_streaming_kpis", "quarantine/", "validated/"}
    assert found["user_digest"] == Person(WHO).digest and WHO not in json.dumps(found)
    after = [(one.key, one.version_id) for one in sandbox.store.versions("") if ERASURE_ID not in one.key]
    assert after == before


def test_nothing_that_is_logged_names_the_user(
    sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(sandbox, ("a.csv", HEADER + OTHERS + THEIRS))
    capsys.readouterr()
    erased(sandbox, WHO, tmp_path / "jobs")
    said = capsys.readouterr()
    assert "erasure_phase" in said.out and WHO not in said.out + said.err


def test_a_replaced_version_is_cleaned_too_and_not_reprocessed(sandbox: Sandbox, tmp_path: Path) -> None:
    settle(sandbox, ("a.csv", HEADER + OTHERS + THEIRS))
    settle(sandbox, ("a.csv", HEADER + OTHERS))
    ask(sandbox, WHO)
    result = phase(sandbox, "rewrite", tmp_path / "rewrite")
    assert [(line["version"], line["rows"], line["replay"]) for line in result["files"]] == [(1, 4, None)]
    replay(sandbox)
    before = sandbox.exported()
    phase(sandbox, "purge", tmp_path / "purge")
    assert phase(sandbox, "find", tmp_path / "find")["objects"] == {}
    assert naming(sandbox, tmp_path) == []
    assert compare(before, sandbox.exported()) == []


def test_a_held_file_rests_in_the_archive_and_is_reprocessed(sandbox: Sandbox, tmp_path: Path) -> None:
    files = (("a.csv", HEADER + OTHERS + f"u,nope,{D} 10:00:00,\n" + f"{WHO},nope,{D} 12:00:00,\n" * 9),)
    settle(sandbox, *files)
    assert sandbox.exported()["files"][0]["state"] == "held"
    assert erased(sandbox, WHO, tmp_path / "jobs")["objects"] == {}
    assert naming(sandbox, tmp_path) == []
    assert [one.key for one in sandbox.store.versions("streams/")] == []
    assert compare(shown(without(sandbox, *files)), shown(sandbox.exported())) == []
    assert sandbox.exported()["files"][0]["state"] == "archived"


def test_a_file_that_stays_held_is_so_without_the_rows(sandbox: Sandbox, tmp_path: Path) -> None:
    files = (("a.csv", HEADER + THEIRS + f"u,nope,{D} 10:00:00,\n" * 20),)
    settle(sandbox, *files)
    assert erased(sandbox, WHO, tmp_path / "jobs")["objects"] == {}
    assert naming(sandbox, tmp_path) == []
    assert compare(shown(without(sandbox, *files)), shown(sandbox.exported())) == []


@pytest.mark.parametrize("above", ["", f"{WHO},nope,{D} 12:00:00,\n"])
def test_what_stands_below_a_held_version_is_reprocessed_first(sandbox: Sandbox, tmp_path: Path, above: str) -> None:
    """Two validations of one file cannot be under way at once: the held one comes with the next round."""
    files = [("a.csv", HEADER + OTHERS + THEIRS), ("a.csv", HEADER + above + f"u,nope,{D} 12:00:00,\n" * 9)]
    for file in files:
        settle(sandbox, file)
    assert [line["state"] for line in sandbox.exported()["files"]] == ["archived", "held"]
    ask(sandbox, WHO)
    rounds = []
    for number in range(3):
        result = phase(sandbox, "rewrite", tmp_path / str(number))
        rounds.append([(line["version"], line["rows"], line["replay"] is not None) for line in result["files"]])
        if number == 0:
            with pytest.raises(JobError, match="work is under way"):
                phase(sandbox, "purge", tmp_path / "early")
        replay(sandbox)
    held = bool(above)
    assert rounds == [
        [(1, 4, True), (2, held, False)],
        [(1, 4, True), (2, held, True)],
        [(1, 4, True), (2, held, True)],
    ]
    phase(sandbox, "purge", tmp_path / "purge")
    assert phase(sandbox, "find", tmp_path / "find")["objects"] == {}
    assert naming(sandbox, tmp_path) == []
    other = Sandbox(tmp_path / "other")
    for key in ("reference/songs/songs.csv", "reference/users/users.csv"):
        other.store.put(key, sandbox.store.read(key)[0])
    for name, body in files:
        settle(other, (name, "".join(line for line in body.splitlines(True) if WHO not in line)))
    assert compare(shown(other.exported()), shown(sandbox.exported())) == []


def test_a_rejected_file_that_names_the_user_is_deleted(sandbox: Sandbox, tmp_path: Path) -> None:
    settle(sandbox, ("a.csv", f"who,track\n{WHO},a\n"), ("b.csv", HEADER + OTHERS), ("c.csv", "who\nu\n"))
    assert erased(sandbox, WHO, tmp_path / "jobs")["files"] == []
    assert naming(sandbox, tmp_path) == []
    assert [one.key for one in sandbox.store.versions("streams/")] == ["streams/c.csv"]
    assert [line["state"] for line in sandbox.exported()["files"]] == ["rejected", "archived", "rejected"]


def test_a_file_of_nobody_else_counts_nothing_any_more(sandbox: Sandbox, tmp_path: Path) -> None:
    row = json.dumps({"user_id": WHO, "track_id": "a", "listen_time": f"{D} 10:00:00"})
    settle(sandbox, ("a.json", row + "\n"))
    assert erased(sandbox, WHO, tmp_path / "jobs")["objects"] == {}
    assert naming(sandbox, tmp_path) == []
    export = sandbox.exported()
    assert (export["user_daily"], export["dates"]) == ([], [])
    assert [(line["state"], line["read"]) for line in export["files"]] == [("archived", 0)]


def test_patched_rows_keep_their_values_and_their_numbers_move(sandbox: Sandbox, tmp_path: Path) -> None:
    body = HEADER + f"{WHO},a,{D} 08:00:00,\nu,nope,{D} 10:00:00,\nv,b,{D} 11:00:00,\nx,b,{D} 12:00:00,\n"
    settle(sandbox, ("a.csv", body))
    name = keys.file_id("streams/a.csv")
    patches = keys.patches_key(name, 1, "20181201T000000000-0000000f")
    lines = ({"row": 2, "set": {"track_id": "c"}}, {"row": 4, "set": {"user_id": WHO}})
    sandbox.store.put(patches, b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    asked = {"of": 1, "cause": "request:1", "why": "typo", "requested_by": "me", "accept": True, "patches_key": patches}
    asked |= {"requested_at": "2018-12-01T00:00:00.000Z"}
    marker = {"schema_version": 1, "file_id": name, "key": "streams/a.csv", "replay": asked}
    sandbox.store.put(keys.replay_key(name, 1, "request:1"), json.dumps(marker).encode())
    replay(sandbox)
    assert sandbox.exported()["files"][0]["accepted"] == 4
    last = erased(sandbox, WHO, tmp_path / "jobs")
    assert last["objects"] == {} and naming(sandbox, tmp_path) == []
    assert {line["user_id"]: line["listen_count"] for line in sandbox.exported()["user_daily"]} == {"u": 1, "v": 1}
    assert sandbox.exported()["quarantine"] == []


def test_an_id_that_has_to_be_quoted_is_found_in_what_was_made_of_files_too(sandbox: Sandbox, tmp_path: Path) -> None:
    who = 'q"u/é\\'
    sandbox.store.put("reference/users/users.csv", f'{USERS}"q""u/é\\",W,1,US,x\n'.encode())
    row = json.dumps({"user_id": who, "track_id": "nope", "listen_time": f"{D} 10:00:00"})
    theirs = f'"q""u/é\\",{{}},{D} 10:00:00,\n'
    body = HEADER + OTHERS + theirs.format("a") + theirs.format("nope")
    other = json.dumps({"user_id": "u", "track_id": "a", "listen_time": f"{D} 10:00:00"})
    settle(sandbox, ("a.csv", body), ("b.json", f"{row}\n{other}\n{other}\n"))
    assert {line["user_id"] for line in sandbox.exported()["user_daily"]} == {"u", "v", who}
    assert len(sandbox.exported()["quarantine"]) == 2
    assert erased(sandbox, who, tmp_path / "jobs")["objects"] == {}
    left = [body for _, body in bytes_of(sandbox.store, tmp_path)]
    assert not any(part in body for body in left for part in (b"u/\xc3\xa9", b"u/\\u00e9", b"u/\\\\u00e9"))


def test_change_logs_forget_the_user_and_keep_the_rest(sandbox: Sandbox, tmp_path: Path) -> None:
    settle(sandbox, ("a.csv", HEADER + OTHERS))
    settle(sandbox, ("a.csv", HEADER + OTHERS + THEIRS))
    assert erased(sandbox, WHO, tmp_path / "jobs")["objects"] == {}
    logs = list(sandbox.store.list(f"{keys.CHANGES_PREFIX}{D}/"))
    assert len(logs) == 2
    for info in logs:
        head, *changes = map(json.loads, gzip.decompress(sandbox.store.read(info.key)[0]).splitlines())
        assert head["changes"] == len(changes) > 0
        assert all(change["dimension"] != WHO for change in changes)


def test_what_load_could_not_remove_from_the_table_is_removed(sandbox: Sandbox, tmp_path: Path) -> None:
    """Load compares with older KPI objects, and those expire."""
    settle(sandbox, ("a.csv", HEADER + OTHERS + THEIRS))
    ask(sandbox, WHO)
    phase(sandbox, "rewrite", tmp_path / "rewrite")
    for info in list(sandbox.store.list("kpis/metric=user_daily/")):
        sandbox.store.delete(info.key)
    replay(sandbox)
    assert phase(sandbox, "find", tmp_path / "find")["objects"]["music_streaming_kpis"] == 2
    phase(sandbox, "purge", tmp_path / "purge")
    assert phase(sandbox, "find", tmp_path / "again")["objects"] == {}
    assert all(line["user_id"] != WHO for line in sandbox.exported()["user_daily"])


def test_it_rejects_while_a_run_is_under_way(sandbox: Sandbox, tmp_path: Path) -> None:
    settle(sandbox, ("a.csv", HEADER + OTHERS + THEIRS))
    ask(sandbox, WHO)
    sandbox.store.put(keys.active_key("r", "kpi"), b"{}")
    for name in ("rewrite", "purge"):
        with pytest.raises(JobError, match=r"processed/active/kpi/r\.json says that work is under way; wait"):
            phase(sandbox, name, tmp_path / name)
    assert phase(sandbox, "find", tmp_path / "find")["files"]


def test_it_rejects_to_purge_what_was_not_reprocessed(sandbox: Sandbox, tmp_path: Path) -> None:
    settle(sandbox, ("a.csv", HEADER + OTHERS + THEIRS))
    ask(sandbox, WHO)
    with pytest.raises(JobError, match="has no result of rewrite"):
        phase(sandbox, "purge", tmp_path / "early")
    result = phase(sandbox, "rewrite", tmp_path / "rewrite")
    sandbox.store.delete(result["files"][0]["replay"])
    with pytest.raises(NotTerminalError, match=r"streams/a\.csv version 1 was not reprocessed yet"):
        phase(sandbox, "purge", tmp_path / "purge")


@pytest.mark.parametrize(("state", "todo"), [("waiting", "put reference data"), ("running", "see to run")])
def test_it_rejects_files_that_a_run_still_needs(sandbox: Sandbox, tmp_path: Path, state: str, todo: str) -> None:
    sandbox.upload(InputFile("streams/a.csv", (HEADER + THEIRS).encode(), MODIFIED))
    name = keys.file_key(keys.file_id("streams/a.csv"))
    document = read_json(sandbox.store, name)
    document["versions"][0]["state"] = state
    sandbox.store.put(name, json.dumps(document).encode())
    ask(sandbox, WHO)
    with pytest.raises(NotTerminalError, match=f"version 1 is {state} and has rows of the user; {todo}"):
        phase(sandbox, "rewrite", tmp_path / "rewrite")


def test_a_phase_that_does_not_exist_is_named(sandbox: Sandbox, tmp_path: Path) -> None:
    ask(sandbox, WHO)
    with pytest.raises(JobError, match="--phase all is not known: choose one of find, rewrite, purge"):
        phase(sandbox, "all", tmp_path / "all")
