"""The erasure job, phase by phase, on a bucket that the five jobs filled."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from fixtures.erasing import ERASURE_ID, ask, bytes_of, erased, phase, replay
from fixtures.schema import assert_conforms
from oracle.builders import MODIFIED, SONGS, USERS
from oracle.compare import compare
from oracle.model import InputFile
from oracle.pipeline import Floor

from contracts import keys
from erasing.person import Person
from erasing.plan import UnsettledError
from jobs.context import JobError
from publish.store import read_json

WHO = "gone-4711"
HEADER = "user_id,track_id,listen_time,event_id\n"
D = "2018-11-15"
OTHERS = f"u,a,{D} 10:00:00,e1\nv,b,{D} 11:00:00,\n"
#: Accepted, unknown track, malformed.
THEIRS = f"{WHO},a,{D} 12:00:00,e2\n{WHO},c,2018-11-17 12:00:00,\n{WHO},nope,{D} 12:00:00,\n{WHO},a\n"


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    found = Floor(tmp_path / "floor")
    found.store.put("reference/songs/songs.csv", SONGS.encode())
    found.store.put("reference/users/users.csv", f"{USERS}{WHO},W,1,US,x\n".encode())
    return found


def settle(floor: Floor, *files: tuple[str, str]) -> None:
    """Files (name, body) in one run through all stages."""
    uploaded = [floor.upload(InputFile(f"streams/{name}", body.encode(), MODIFIED)) for name, body in files]
    floor.run([key for key in uploaded if key], reference_changed=floor.runs == 0)


def without(floor: Floor, *files: tuple[str, str]) -> dict[str, Any]:
    """What the export would be, had the files had no such rows."""
    other = Floor(floor._folder / "without")
    for key in ("reference/songs/songs.csv", "reference/users/users.csv"):
        other.store.put(key, floor.store.read(key)[0])
    settle(other, *((name, "".join(line for line in body.splitlines(True) if WHO not in line)) for name, body in files))
    return other.exported()


def shown(export: dict[str, Any]) -> dict[str, Any]:
    """Judging again counts versions of its own."""
    return {**export, "files": [{**line, "version": 1} for line in export["files"]]}


def naming(floor: Floor, folder: Path, who: str = WHO) -> list[str]:
    return [key for key, body in bytes_of(floor.store, folder) if who.encode() in body]


def test_nothing_of_the_user_is_left_and_all_else_is_as_if_they_had_never_been(floor: Floor, tmp_path: Path) -> None:
    files = (("a.csv", HEADER + OTHERS + THEIRS), ("b.csv", HEADER + f"w,c,{D} 09:00:00,e9\n"))
    settle(floor, *files)
    assert {key.split("/")[0] for key in naming(floor, tmp_path)} >= {"archived", "validated", "quarantine", "kpis"}
    last = erased(floor, WHO, tmp_path / "jobs")
    assert_conforms(last, "ErasureResult")
    assert (last["files"], last["dates"], last["objects"]) == ([], [], {})
    assert naming(floor, tmp_path) == []
    assert compare(shown(without(floor, *files)), shown(floor.exported())) == []


def test_find_tells_files_rows_dates_and_objects_and_changes_nothing(floor: Floor, tmp_path: Path) -> None:
    settle(floor, ("a.csv", HEADER + OTHERS + THEIRS), ("b.csv", HEADER + OTHERS))
    before = [(one.key, one.version_id) for one in floor.store.versions("")]
    ask(floor, WHO)
    found = phase(floor, "find", tmp_path / "find")
    assert_conforms(found, "ErasureResult")
    name = keys.file_id("streams/a.csv")
    assert found["files"] == [{"file_id": name, "key": "streams/a.csv", "version": 1, "rows": 4, "replay": None}]
    assert found["dates"] == [D, "2018-11-17"]
    # Rows, event ids, raw; quarantine; user items now, of the run in the archive, and in the table.
    assert found["objects"]["quarantine/"] == 1 and found["objects"]["music_streaming_kpis"] == 2
    assert set(found["objects"]) == {"archived/", "kpis/", "music_streaming_kpis", "quarantine/", "validated/"}
    assert found["user_digest"] == Person(WHO).digest and WHO not in json.dumps(found)
    after = [(one.key, one.version_id) for one in floor.store.versions("") if ERASURE_ID not in one.key]
    assert after == before


def test_nothing_that_is_logged_names_the_user(
    floor: Floor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(floor, ("a.csv", HEADER + OTHERS + THEIRS))
    capsys.readouterr()
    erased(floor, WHO, tmp_path / "jobs")
    said = capsys.readouterr()
    assert "erasure_phase" in said.out and WHO not in said.out + said.err


def test_a_replaced_version_is_cleaned_too_and_not_judged_again(floor: Floor, tmp_path: Path) -> None:
    settle(floor, ("a.csv", HEADER + OTHERS + THEIRS))
    settle(floor, ("a.csv", HEADER + OTHERS))
    ask(floor, WHO)
    result = phase(floor, "rewrite", tmp_path / "rewrite")
    assert [(line["version"], line["rows"], line["replay"]) for line in result["files"]] == [(1, 4, None)]
    replay(floor)
    before = floor.exported()
    phase(floor, "purge", tmp_path / "purge")
    assert phase(floor, "find", tmp_path / "find")["objects"] == {}
    assert naming(floor, tmp_path) == []
    assert compare(before, floor.exported()) == []


def test_a_held_file_rests_in_the_archive_and_is_judged_again(floor: Floor, tmp_path: Path) -> None:
    files = (("a.csv", HEADER + OTHERS + f"u,nope,{D} 10:00:00,\n" + f"{WHO},nope,{D} 12:00:00,\n" * 9),)
    settle(floor, *files)
    assert floor.exported()["files"][0]["state"] == "held"
    assert erased(floor, WHO, tmp_path / "jobs")["objects"] == {}
    assert naming(floor, tmp_path) == []
    assert [one.key for one in floor.store.versions("streams/")] == []
    assert compare(shown(without(floor, *files)), shown(floor.exported())) == []
    assert floor.exported()["files"][0]["state"] == "archived"


def test_a_file_that_stays_held_is_so_without_the_rows(floor: Floor, tmp_path: Path) -> None:
    files = (("a.csv", HEADER + THEIRS + f"u,nope,{D} 10:00:00,\n" * 20),)
    settle(floor, *files)
    assert erased(floor, WHO, tmp_path / "jobs")["objects"] == {}
    assert naming(floor, tmp_path) == []
    assert compare(shown(without(floor, *files)), shown(floor.exported())) == []


@pytest.mark.parametrize("above", ["", f"{WHO},nope,{D} 12:00:00,\n"])
def test_what_stands_below_a_held_version_is_judged_again_first(floor: Floor, tmp_path: Path, above: str) -> None:
    """Two judgements of one file cannot be under way at once: the held one comes with the next round."""
    files = [("a.csv", HEADER + OTHERS + THEIRS), ("a.csv", HEADER + above + f"u,nope,{D} 12:00:00,\n" * 9)]
    for file in files:
        settle(floor, file)
    assert [line["state"] for line in floor.exported()["files"]] == ["archived", "held"]
    ask(floor, WHO)
    rounds = []
    for number in range(3):
        result = phase(floor, "rewrite", tmp_path / str(number))
        rounds.append([(line["version"], line["rows"], line["replay"] is not None) for line in result["files"]])
        if number == 0:
            with pytest.raises(JobError, match="work is under way"):
                phase(floor, "purge", tmp_path / "early")
        replay(floor)
    held = bool(above)
    assert rounds == [
        [(1, 4, True), (2, held, False)],
        [(1, 4, True), (2, held, True)],
        [(1, 4, True), (2, held, True)],
    ]
    phase(floor, "purge", tmp_path / "purge")
    assert phase(floor, "find", tmp_path / "find")["objects"] == {}
    assert naming(floor, tmp_path) == []
    other = Floor(tmp_path / "other")
    for key in ("reference/songs/songs.csv", "reference/users/users.csv"):
        other.store.put(key, floor.store.read(key)[0])
    for name, body in files:
        settle(other, (name, "".join(line for line in body.splitlines(True) if WHO not in line)))
    assert compare(shown(other.exported()), shown(floor.exported())) == []


def test_a_refused_file_that_names_the_user_is_deleted(floor: Floor, tmp_path: Path) -> None:
    settle(floor, ("a.csv", f"who,track\n{WHO},a\n"), ("b.csv", HEADER + OTHERS), ("c.csv", "who\nu\n"))
    assert erased(floor, WHO, tmp_path / "jobs")["files"] == []
    assert naming(floor, tmp_path) == []
    assert [one.key for one in floor.store.versions("streams/")] == ["streams/c.csv"]
    assert [line["state"] for line in floor.exported()["files"]] == ["refused", "archived", "refused"]


def test_a_file_of_nobody_else_counts_nothing_any_more(floor: Floor, tmp_path: Path) -> None:
    row = json.dumps({"user_id": WHO, "track_id": "a", "listen_time": f"{D} 10:00:00"})
    settle(floor, ("a.json", row + "\n"))
    assert erased(floor, WHO, tmp_path / "jobs")["objects"] == {}
    assert naming(floor, tmp_path) == []
    export = floor.exported()
    assert (export["user_daily"], export["dates"]) == ([], [])
    assert [(line["state"], line["read"]) for line in export["files"]] == [("archived", 0)]


def test_mended_rows_keep_their_values_and_their_numbers_move(floor: Floor, tmp_path: Path) -> None:
    body = HEADER + f"{WHO},a,{D} 08:00:00,\nu,nope,{D} 10:00:00,\nv,b,{D} 11:00:00,\nx,b,{D} 12:00:00,\n"
    settle(floor, ("a.csv", body))
    name = keys.file_id("streams/a.csv")
    fixes = keys.fixes_key(name, 1, "20181201T000000000-0000000f")
    lines = ({"row": 2, "set": {"track_id": "c"}}, {"row": 4, "set": {"user_id": WHO}})
    floor.store.put(fixes, b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    asked = {"of": 1, "cause": "request:1", "why": "typo", "requested_by": "me", "accept": True, "fixes_key": fixes}
    asked |= {"requested_at": "2018-12-01T00:00:00.000Z"}
    marker = {"schema_version": 1, "file_id": name, "key": "streams/a.csv", "replay": asked}
    floor.store.put(keys.replay_key(name, 1, "request:1"), json.dumps(marker).encode())
    replay(floor)
    assert floor.exported()["files"][0]["accepted"] == 4
    last = erased(floor, WHO, tmp_path / "jobs")
    assert last["objects"] == {} and naming(floor, tmp_path) == []
    assert {line["user_id"]: line["listen_count"] for line in floor.exported()["user_daily"]} == {"u": 1, "v": 1}
    assert floor.exported()["quarantine"] == []


def test_an_id_that_has_to_be_quoted_is_found_in_what_was_made_of_files_too(floor: Floor, tmp_path: Path) -> None:
    who = 'q"u/é\\'
    floor.store.put("reference/users/users.csv", f'{USERS}"q""u/é\\",W,1,US,x\n'.encode())
    row = json.dumps({"user_id": who, "track_id": "nope", "listen_time": f"{D} 10:00:00"})
    theirs = f'"q""u/é\\",{{}},{D} 10:00:00,\n'
    body = HEADER + OTHERS + theirs.format("a") + theirs.format("nope")
    other = json.dumps({"user_id": "u", "track_id": "a", "listen_time": f"{D} 10:00:00"})
    settle(floor, ("a.csv", body), ("b.json", f"{row}\n{other}\n{other}\n"))
    assert {line["user_id"] for line in floor.exported()["user_daily"]} == {"u", "v", who}
    assert len(floor.exported()["quarantine"]) == 2
    assert erased(floor, who, tmp_path / "jobs")["objects"] == {}
    left = [body for _, body in bytes_of(floor.store, tmp_path)]
    assert not any(part in body for body in left for part in (b"u/\xc3\xa9", b"u/\\u00e9", b"u/\\\\u00e9"))


def test_change_logs_forget_the_user_and_keep_the_rest(floor: Floor, tmp_path: Path) -> None:
    settle(floor, ("a.csv", HEADER + OTHERS))
    settle(floor, ("a.csv", HEADER + OTHERS + THEIRS))
    assert erased(floor, WHO, tmp_path / "jobs")["objects"] == {}
    logs = list(floor.store.list(f"{keys.CHANGES_PREFIX}{D}/"))
    assert len(logs) == 2
    for info in logs:
        head, *changes = map(json.loads, gzip.decompress(floor.store.read(info.key)[0]).splitlines())
        assert head["changes"] == len(changes) > 0
        assert all(change["dimension"] != WHO for change in changes)


def test_what_load_could_not_remove_from_the_table_is_removed(floor: Floor, tmp_path: Path) -> None:
    """Load compares with older KPI objects, and those expire."""
    settle(floor, ("a.csv", HEADER + OTHERS + THEIRS))
    ask(floor, WHO)
    phase(floor, "rewrite", tmp_path / "rewrite")
    for info in list(floor.store.list("kpis/metric=user_daily/")):
        floor.store.delete(info.key)
    replay(floor)
    assert phase(floor, "find", tmp_path / "find")["objects"]["music_streaming_kpis"] == 2
    phase(floor, "purge", tmp_path / "purge")
    assert phase(floor, "find", tmp_path / "again")["objects"] == {}
    assert all(line["user_id"] != WHO for line in floor.exported()["user_daily"])


def test_it_refuses_while_a_run_is_under_way(floor: Floor, tmp_path: Path) -> None:
    settle(floor, ("a.csv", HEADER + OTHERS + THEIRS))
    ask(floor, WHO)
    floor.store.put(keys.active_key("r", "kpi"), b"{}")
    for name in ("rewrite", "purge"):
        with pytest.raises(JobError, match=r"processed/active/kpi/r\.json says that work is under way; wait"):
            phase(floor, name, tmp_path / name)
    assert phase(floor, "find", tmp_path / "find")["files"]


def test_it_refuses_to_purge_what_was_not_judged_again(floor: Floor, tmp_path: Path) -> None:
    settle(floor, ("a.csv", HEADER + OTHERS + THEIRS))
    ask(floor, WHO)
    with pytest.raises(JobError, match="has no result of rewrite"):
        phase(floor, "purge", tmp_path / "early")
    result = phase(floor, "rewrite", tmp_path / "rewrite")
    floor.store.delete(result["files"][0]["replay"])
    with pytest.raises(UnsettledError, match=r"streams/a\.csv version 1 was not judged again yet"):
        phase(floor, "purge", tmp_path / "purge")


@pytest.mark.parametrize(("state", "todo"), [("waiting", "put reference data"), ("running", "see to run")])
def test_it_refuses_files_that_a_run_still_needs(floor: Floor, tmp_path: Path, state: str, todo: str) -> None:
    floor.upload(InputFile("streams/a.csv", (HEADER + THEIRS).encode(), MODIFIED))
    name = keys.file_key(keys.file_id("streams/a.csv"))
    document = read_json(floor.store, name)
    document["versions"][0]["state"] = state
    floor.store.put(name, json.dumps(document).encode())
    ask(floor, WHO)
    with pytest.raises(UnsettledError, match=f"version 1 is {state} and has rows of the user; {todo}"):
        phase(floor, "rewrite", tmp_path / "rewrite")


def test_a_phase_that_does_not_exist_is_named(floor: Floor, tmp_path: Path) -> None:
    ask(floor, WHO)
    with pytest.raises(JobError, match="--phase all is not known: choose one of find, rewrite, purge"):
        phase(floor, "all", tmp_path / "all")
