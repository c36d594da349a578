"""Row patches, quarantine, change logs and table items after an erasure."""

import gzip
import json
from pathlib import Path

from oracle.builders import USERS
from oracle.pipeline import Sandbox
from support.erasing import all_contents, erase, keys_naming, request_erasure, run_phase
from support.erasure_files import (
    HEADER,
    OTHERS,
    THEIRS,
    WHO,
    D,
    run_to_completion,
)

from contracts import keys


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
    assert last["objects"] == {} and keys_naming(sandbox, WHO, tmp_path) == []
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
