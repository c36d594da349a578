"""Replays through all five jobs, by hand: what is archived, what counts, what is told."""

from pathlib import Path
from typing import Any

import pytest
from support.schema import assert_conforms

from contracts import keys
from oracle import evaluate
from oracle.builders import MODIFIED, SONGS, USERS, stream
from oracle.compare import compare
from oracle.model import InputFile
from oracle.pipeline import Sandbox
from oracle.pipeline_export import documents_of
from storage.store import read_json

T = "2018-11-15 10:00:00"
MORE_USERS = USERS + "x,X,1,SE,x\n"
FILE = stream(f"u,a,{T}", f"v,b,{T}", f"x,a,{T}", "x,b,2018-11-16 10:00:00,e1")


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    made = Sandbox(tmp_path)
    refer(made)
    return made


def refer(sandbox: Sandbox, songs: str = SONGS, users: str = USERS) -> None:
    """The next snapshot, by a run that ingest has nothing else to do for."""
    sandbox.store.put(f"{keys.SONGS_PREFIX}songs.csv", songs.encode())
    sandbox.store.put(f"{keys.USERS_PREFIX}users.csv", users.encode())
    sandbox.start("ingest", sandbox.form([], reference_changed=True))


def put(sandbox: Sandbox, *files: InputFile) -> str:
    run_id = sandbox.form([key for file in files if (key := sandbox.upload(file))])
    for stage in sandbox.jobs:
        sandbox.start(stage, run_id)
    return run_id


def differences(sandbox: Sandbox, *files: InputFile, songs: str = SONGS, users: str = USERS) -> list[str]:
    export = evaluate(list(files), [("songs.csv", songs.encode())], [("users.csv", users.encode())])
    return compare(export.lines, sandbox.exported())


def versions(sandbox: Sandbox, key: str = "streams/a.csv") -> list[Any]:
    (document,) = [found for found in documents_of(sandbox.store) if found["key"] == key]
    assert_conforms(document, "FileDocument")
    return list(document["versions"])


def lineage_of(sandbox: Sandbox, run_id: str) -> Any:
    return read_json(sandbox.store, f"{keys.archive_prefix(run_id)}lineage.json")


def raws(sandbox: Sandbox) -> list[str]:
    return [info.key for info in sandbox.store.list("archived/") if "/raw/" in info.key]


def test_rows_of_a_user_who_becomes_known_count_as_if_he_had_always_been(sandbox: Sandbox) -> None:
    put(sandbox, FILE)
    refer(sandbox, users=MORE_USERS)
    assert sandbox.settle() == 1
    assert differences(sandbox, FILE, users=MORE_USERS) == []
    assert sandbox.settle() == 0


def test_the_replay_leaves_the_raw_file_where_it_rests_and_says_what_it_reprocessed(sandbox: Sandbox) -> None:
    first = put(sandbox, FILE)
    refer(sandbox, users=MORE_USERS)
    before = raws(sandbox)
    run_id = sandbox.form_replays()
    assert run_id is not None
    for stage in sandbox.jobs:
        sandbox.start(stage, run_id)
    assert raws(sandbox) == before == [f"{keys.archive_prefix(first)}raw/streams/a.csv"]
    one, two = versions(sandbox)
    assert (two["state"], two["archived_to"], two["content_version"]) == ("archived", one["archived_to"], 1)
    result = read_json(sandbox.store, keys.result_key(run_id, "archive"))
    assert_conforms(result, "ArchiveResult")
    assert [(file["archived_to"], file["deleted"]) for file in result["files"]] == [(before[0], False)]
    (told,) = lineage_of(sandbox, run_id)["files"]
    assert (told["replay"]["of"], told["archived_to"], told["content_version"]) == (1, before[0], 1)
    assert told["replay"]["cause"].startswith("snapshot:")
    assert len(told["rows"]) == 2
    sandbox.again("archive", run_id)
    assert versions(sandbox) == [one, two]


def test_a_repeat_noted_at_a_replay_goes_with_it_and_a_correction_stays(sandbox: Sandbox) -> None:
    put(sandbox, FILE)
    refer(sandbox, users=MORE_USERS)
    run_id = sandbox.form_replays()
    assert run_id is not None
    assert sandbox.upload(FILE) is None
    for stage in ("ingest", "validate", "kpi", "load"):
        sandbox.start(stage, run_id)
    corrected = InputFile(FILE.key, stream(f"u,a,{T}").body, MODIFIED, 2)
    assert sandbox.upload(corrected) is not None
    sandbox.start("archive", run_id)
    *_, noted, pending = versions(sandbox)
    assert sandbox.store.head(FILE.key, noted["repeats"][0]) is None
    assert sandbox.store.head(FILE.key, pending["version_id"]) is not None


HELD = stream(f"u,a,{T}", f"y,a,{T}", f"z,b,{T}")


def test_a_released_file_stands_and_all_that_is_told_of_it_names_the_archive(sandbox: Sandbox) -> None:
    held_by = put(sandbox, HELD)
    assert sandbox.upload(HELD) is None
    sandbox.ask(HELD.key, "request:1", accept=True)
    assert sandbox.settle() == 1
    one, two = versions(sandbox)
    assert (one["state"], two["state"]) == ("held", "archived")
    assert one["archived_to"] == two["archived_to"] != f"{keys.archive_prefix(held_by)}raw/{HELD.key}"
    assert sandbox.store.read(two["archived_to"])[0] == HELD.body
    assert list(sandbox.store.list("streams/")) == []
    assert sandbox.store.head(HELD.key, one["repeats"][0]) is None
    assert sandbox.exported()["daily_overview"][0]["listen_count"] == 1


def test_a_held_file_of_which_enough_becomes_known_stands_by_itself(sandbox: Sandbox) -> None:
    put(sandbox, HELD)
    users = USERS + "y,Y,1,SE,x\nz,Z,1,SE,x\n"
    refer(sandbox, users=USERS + "z,Z,1,SE,x\n")
    refer(sandbox, users=users)
    sandbox.settle()
    assert differences(sandbox, HELD, users=users) == []


def test_a_held_file_that_is_held_again_stays_where_it_is(sandbox: Sandbox) -> None:
    put(sandbox, HELD)
    sandbox.ask(HELD.key, "request:1")
    sandbox.settle()
    assert [entry["state"] for entry in versions(sandbox)] == ["held", "held"]
    assert [info.key for info in sandbox.store.list("streams/")] == [HELD.key]
    assert differences(sandbox, HELD) == []
    sandbox.ask(HELD.key, "request:2", accept=True)
    sandbox.settle()
    assert {entry["archived_to"] for entry in versions(sandbox)} == {versions(sandbox)[2]["archived_to"]}
    assert list(sandbox.store.list("streams/")) == []


def test_patched_rows_count_and_stay_patched_when_a_snapshot_asks(sandbox: Sandbox) -> None:
    file = stream(f"u,a,{T}", f"v,b,{T}", "u,b,soon", f"x,a,{T}")
    put(sandbox, file)
    sandbox.ask(file.key, "request:1", patches=b'{"row": 3, "set": {"listen_time": "2018-11-15 12:00:00"}}\n')
    sandbox.settle()
    refer(sandbox, users=MORE_USERS)
    sandbox.settle()
    patched = InputFile(file.key, file.body.replace(b"soon", b"2018-11-15 12:00:00"), MODIFIED)
    assert differences(sandbox, patched, users=MORE_USERS) == []


def test_a_snapshot_that_lost_a_user_takes_no_rows_away(sandbox: Sandbox) -> None:
    put(sandbox, FILE)
    refer(sandbox, users=MORE_USERS.replace("u,U,1,DE,x\n", ""))
    sandbox.settle()
    (line,) = sandbox.exported()["files"]
    assert (line["accepted"], line["quarantined"]) == (4, {})
    sandbox.ask(FILE.key, "request:1")
    sandbox.settle()
    assert sandbox.exported()["files"] == [line]
    assert sum(date["counted"] for date in sandbox.exported()["dates"]) == 4


def test_a_backfill_brings_a_past_date_to_the_newest_snapshot_and_leaves_the_others(sandbox: Sandbox) -> None:
    file = stream(f"u,a,{T}", "u,a,2018-11-05 10:00:00")
    put(sandbox, file)
    songs = SONGS.replace("Rock", "folk")
    refer(sandbox, songs=songs)
    sandbox.settle()
    genres = [line["genre"] for line in sandbox.exported()["genre_daily"]]
    sandbox.backfill(["2018-11-15"])
    assert (genres, [line["genre"] for line in sandbox.exported()["genre_daily"]]) == (
        ["rock", "rock"],
        ["rock", "folk"],
    )
    sandbox.backfill(["2018-11-16", "2018-11-17", "2018-11-05", "2018-11-06", "2018-11-07"])
    assert differences(sandbox, file, songs=songs) == []
