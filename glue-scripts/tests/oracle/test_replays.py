"""Replays through all five jobs: what is archived, what counts, what documents and lineage say."""

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
    build_snapshot(made)
    return made


def build_snapshot(sandbox: Sandbox, songs: str = SONGS, users: str = USERS) -> None:
    """Builds the next snapshot in a run without files."""
    sandbox.store.put(f"{keys.SONGS_PREFIX}songs.csv", songs.encode())
    sandbox.store.put(f"{keys.USERS_PREFIX}users.csv", users.encode())
    sandbox.start("ingest", sandbox.create_run([], reference_changed=True))


def put(sandbox: Sandbox, *files: InputFile) -> str:
    return sandbox.run([key for file in files if (key := sandbox.upload(file))])


def differences(sandbox: Sandbox, *files: InputFile, songs: str = SONGS, users: str = USERS) -> list[str]:
    export = evaluate(list(files), [("songs.csv", songs.encode())], [("users.csv", users.encode())])
    return compare(export.lines, sandbox.exported())


def versions(sandbox: Sandbox, key: str = "streams/a.csv") -> list[Any]:
    (document,) = [found for found in documents_of(sandbox.store) if found["key"] == key]
    assert_conforms(document, "FileDocument")
    return list(document["versions"])


def lineage_of(sandbox: Sandbox, run_id: str) -> Any:
    return read_json(sandbox.store, f"{keys.archive_prefix(run_id)}lineage.json")


def archived_raw_files(sandbox: Sandbox) -> list[str]:
    return [info.key for info in sandbox.store.list("archived/") if "/raw/" in info.key]


def test_rows_count_once_a_new_snapshot_knows_their_user(sandbox: Sandbox) -> None:
    put(sandbox, FILE)
    build_snapshot(sandbox, users=MORE_USERS)
    assert sandbox.run_replays() == 1
    assert differences(sandbox, FILE, users=MORE_USERS) == []
    assert sandbox.run_replays() == 0


def test_a_replay_leaves_the_archived_raw_file_and_records_what_it_reprocessed(sandbox: Sandbox) -> None:
    first = put(sandbox, FILE)
    build_snapshot(sandbox, users=MORE_USERS)
    before = archived_raw_files(sandbox)
    run_id = sandbox.create_replay_run()
    assert run_id is not None
    sandbox.run_stages(run_id)
    assert archived_raw_files(sandbox) == before == [f"{keys.archive_prefix(first)}raw/streams/a.csv"]
    one, two = versions(sandbox)
    assert (two["state"], two["archived_to"], two["content_version"]) == ("archived", one["archived_to"], 1)
    result = read_json(sandbox.store, keys.result_key(run_id, "archive"))
    assert_conforms(result, "ArchiveResult")
    assert [(file["archived_to"], file["deleted"]) for file in result["files"]] == [(before[0], False)]
    (line,) = lineage_of(sandbox, run_id)["files"]
    assert (line["replay"]["of"], line["archived_to"], line["content_version"]) == (1, before[0], 1)
    assert line["replay"]["cause"].startswith("snapshot:")
    assert len(line["rows"]) == 2
    sandbox.retry("archive", run_id)
    assert versions(sandbox) == [one, two]


def test_a_repeat_recorded_at_a_replay_is_deleted_with_it_and_a_correction_stays(sandbox: Sandbox) -> None:
    put(sandbox, FILE)
    build_snapshot(sandbox, users=MORE_USERS)
    run_id = sandbox.create_replay_run()
    assert run_id is not None
    assert sandbox.upload(FILE) is None
    for stage in ("ingest", "validate", "kpi", "load"):
        sandbox.start(stage, run_id)
    corrected = InputFile(FILE.key, stream(f"u,a,{T}").body, MODIFIED, 2)
    assert sandbox.upload(corrected) is not None
    sandbox.start("archive", run_id)
    *_, repeated, pending = versions(sandbox)
    assert sandbox.store.head(FILE.key, repeated["repeats"][0]) is None
    assert sandbox.store.head(FILE.key, pending["version_id"]) is not None


HELD = stream(f"u,a,{T}", f"y,a,{T}", f"z,b,{T}")


def test_a_released_file_counts_and_all_its_versions_name_the_archived_copy(sandbox: Sandbox) -> None:
    held_by = put(sandbox, HELD)
    assert sandbox.upload(HELD) is None
    sandbox.request_replay(HELD.key, "request:1", accept=True)
    assert sandbox.run_replays() == 1
    one, two = versions(sandbox)
    assert (one["state"], two["state"]) == ("held", "archived")
    assert one["archived_to"] == two["archived_to"] != f"{keys.archive_prefix(held_by)}raw/{HELD.key}"
    assert sandbox.store.read(two["archived_to"])[0] == HELD.body
    assert list(sandbox.store.list("streams/")) == []
    assert sandbox.store.head(HELD.key, one["repeats"][0]) is None
    assert sandbox.exported()["daily_overview"][0]["listen_count"] == 1


def test_a_held_file_counts_once_a_snapshot_knows_enough_of_its_users(sandbox: Sandbox) -> None:
    put(sandbox, HELD)
    users = USERS + "y,Y,1,SE,x\nz,Z,1,SE,x\n"
    build_snapshot(sandbox, users=USERS + "z,Z,1,SE,x\n")
    build_snapshot(sandbox, users=users)
    sandbox.run_replays()
    assert differences(sandbox, HELD, users=users) == []


def test_a_held_file_that_is_held_again_stays_under_streams(sandbox: Sandbox) -> None:
    put(sandbox, HELD)
    sandbox.request_replay(HELD.key, "request:1")
    sandbox.run_replays()
    assert [entry["state"] for entry in versions(sandbox)] == ["held", "held"]
    assert [info.key for info in sandbox.store.list("streams/")] == [HELD.key]
    assert differences(sandbox, HELD) == []
    sandbox.request_replay(HELD.key, "request:2", accept=True)
    sandbox.run_replays()
    assert {entry["archived_to"] for entry in versions(sandbox)} == {versions(sandbox)[2]["archived_to"]}
    assert list(sandbox.store.list("streams/")) == []


def test_patched_rows_count_and_stay_patched_in_the_replay_for_a_snapshot(sandbox: Sandbox) -> None:
    file = stream(f"u,a,{T}", f"v,b,{T}", "u,b,soon", f"x,a,{T}")
    put(sandbox, file)
    sandbox.request_replay(
        file.key, "request:1", patches=b'{"row": 3, "set": {"listen_time": "2018-11-15 12:00:00"}}\n'
    )
    sandbox.run_replays()
    build_snapshot(sandbox, users=MORE_USERS)
    sandbox.run_replays()
    patched = InputFile(file.key, file.body.replace(b"soon", b"2018-11-15 12:00:00"), MODIFIED)
    assert differences(sandbox, patched, users=MORE_USERS) == []


def test_rows_still_count_after_a_snapshot_without_their_user(sandbox: Sandbox) -> None:
    put(sandbox, FILE)
    build_snapshot(sandbox, users=MORE_USERS.replace("u,U,1,DE,x\n", ""))
    sandbox.run_replays()
    (line,) = sandbox.exported()["files"]
    assert (line["accepted"], line["quarantined"]) == (4, {})
    sandbox.request_replay(FILE.key, "request:1")
    sandbox.run_replays()
    assert sandbox.exported()["files"] == [line]
    assert sum(date["counted"] for date in sandbox.exported()["dates"]) == 4


def test_a_backfill_recomputes_its_dates_with_the_newest_snapshot_and_no_others(sandbox: Sandbox) -> None:
    file = stream(f"u,a,{T}", "u,a,2018-11-05 10:00:00")
    put(sandbox, file)
    songs = SONGS.replace("Rock", "folk")
    build_snapshot(sandbox, songs=songs)
    sandbox.run_replays()
    genres = [line["genre"] for line in sandbox.exported()["genre_daily"]]
    sandbox.backfill(["2018-11-15"])
    assert (genres, [line["genre"] for line in sandbox.exported()["genre_daily"]]) == (
        ["rock", "rock"],
        ["rock", "folk"],
    )
    sandbox.backfill(["2018-11-16", "2018-11-17", "2018-11-05", "2018-11-06", "2018-11-07"])
    assert differences(sandbox, file, songs=songs) == []
