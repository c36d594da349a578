"""Rows with unknown users or tracks: their files are marked, and reprocessed when a snapshot knows them."""

import json

import pytest
from support.schema import assert_conforms
from support.world import SONGS, USERS, World

from contracts import keys
from storage.store import read_json
from validation import replay_requests, unknown

HEADER = b"user_id,track_id,listen_time\n"
GOOD = b"u1,t1,2018-11-15 10:00:00\nu1,t2,2018-11-15 11:00:00\n"
NEW_USER = b"u9,t1,2018-11-16 10:00:00\n"
MORE_USERS = USERS + b"u9,n,20,US,2018-01-01\n"


def snapshot(world: World, songs: bytes = SONGS, users: bytes = USERS) -> str:
    """Builds the next snapshot by a run without files and returns its version."""
    world.reference(songs, users)
    return str(world.ingest(world.create_run())["reference_version"])


def test_files_with_unknown_rows_are_marked_and_others_are_not(known: World) -> None:
    bad = known.put("bad.csv", HEADER + GOOD + NEW_USER)
    good, late = known.put("good.csv", HEADER + GOOD), known.put("late.csv", HEADER + GOOD + b"u1,t1,soon\n")
    known.ingest_and_validate(bad, good, late)
    assert known.marked_files() == [bad["file_id"]]
    assert_conforms(read_json(known.store, keys.unknown_key(bad["file_id"])), "UnknownMarker")


@pytest.mark.parametrize(
    ("row", "songs", "users"),
    [
        (NEW_USER, SONGS, MORE_USERS),
        (b"u1,t9,2018-11-16 10:00:00\n", SONGS + b"9,t9,A,N,1,1000,pop\n", USERS),
        ("u1,tä 9,2018-11-16 10:00:00\n".encode(), SONGS + "9,tä 9,A,N,1,1000,pop\n".encode(), USERS),
    ],
)
def test_ingest_requests_a_replay_if_its_snapshot_knows_a_quarantined_row(
    known: World, row: bytes, songs: bytes, users: bytes
) -> None:
    file = known.put("a.csv", HEADER + GOOD + row)
    known.ingest_and_validate(file, known.put("b.csv", HEADER + GOOD + b"u7,t1,2018-11-16 10:00:00\n"))
    version = snapshot(known, songs, users)
    (marker,) = known.replay_markers()
    assert_conforms(marker, "ReplayMarker")
    assert (marker["file_id"], marker["key"]) == (file["file_id"], file["key"])
    replay = marker["replay"]
    assert (replay["of"], replay["cause"], replay["accept"]) == (1, f"snapshot:{version}", True)
    assert known.store.head(keys.replay_key(file["file_id"], 1, replay["cause"])) is not None


def test_a_second_attempt_requests_the_same_replay(known: World) -> None:
    known.ingest_and_validate(known.put("a.csv", HEADER + GOOD + NEW_USER))
    known.reference(users=MORE_USERS)
    run_id = known.create_run()
    known.ingest(run_id)
    (first,) = known.replay_markers()
    known.store.delete(keys.replay_key(first["file_id"], 1, first["replay"]["cause"]))
    known.store.delete(keys.result_key(run_id, "ingest"))
    known.ingest(run_id, attempt=2)
    assert [marker["replay"]["cause"] for marker in known.replay_markers()] == [first["replay"]["cause"]]
    known.store.delete(keys.result_key(run_id, "ingest"))
    known.ingest(run_id, attempt=3)
    assert len(known.replay_markers()) == 1


def test_a_run_that_pins_the_snapshot_of_another_requests_nothing(known: World) -> None:
    known.ingest_and_validate(known.put("a.csv", HEADER + GOOD + NEW_USER))
    snapshot(known, users=MORE_USERS)
    known.remove_replay_markers()
    known.ingest(known.create_run())
    assert known.replay_markers() == []


def test_the_requested_replay_of_a_file_on_hold_does_not_ignore_the_threshold(known: World) -> None:
    file = known.put("a.csv", HEADER + NEW_USER * 2 + b"u8,t1,2018-11-16 12:00:00\n")
    known.ingest_and_validate(file)
    assert known.entry(file)["state"] == "held"
    snapshot(known, users=MORE_USERS)
    (marker,) = known.replay_markers()
    assert marker["replay"]["accept"] is False
    again = known.replay(file, **{name: marker["replay"][name] for name in ("cause", "accept")})
    known.ingest_and_validate(again)
    assert (known.entry(again)["state"], known.entry(again)["dates"]) == ("validated", {"2018-11-16": 1})


def test_the_requested_replay_is_of_the_latest_decided_version(known: World) -> None:
    known.ingest_and_validate(known.put("a.csv", HEADER + GOOD + NEW_USER))
    held = known.put("a.csv", HEADER + NEW_USER)
    known.ingest_and_validate(held)
    known.put("a.csv", HEADER + GOOD)
    snapshot(known, users=MORE_USERS)
    assert [marker["replay"]["of"] for marker in known.replay_markers()] == [held["version"]]


def test_a_replay_accepts_rows_that_are_known_now_and_unmarks_its_file(known: World) -> None:
    file = known.put("a.csv", HEADER + GOOD + NEW_USER)
    first = known.ingest_and_validate(file)
    newest = snapshot(known, users=MORE_USERS)
    again = known.replay(file, accept=True)
    result = known.ingest_and_validate(again)
    assert_conforms(result, "ValidateResult")
    assert_conforms(read_json(known.store, keys.file_key(file["file_id"])), "FileDocument")
    entry = known.entry(again)
    assert entry["ledger"] == {"read": 3, "accepted": 3, "quarantined": {}, "duplicate": 0}
    assert entry["reference_versions"] == [first["reference_version"], newest]
    assert result["touched_dates"] == ["2018-11-15", "2018-11-16"]
    assert known.marked_files() == []


def test_a_correction_without_unknown_rows_unmarks_its_file(known: World) -> None:
    known.ingest_and_validate(known.put("a.csv", HEADER + GOOD + NEW_USER))
    known.ingest_and_validate(known.put("a.csv", HEADER + GOOD))
    assert known.marked_files() == []


@pytest.mark.parametrize("state", ["running", "validated"])
def test_a_mark_stays_while_a_version_needs_it(known: World, state: str) -> None:
    file = known.put("a.csv", HEADER + GOOD)
    known.ingest_and_validate(file)
    unknown.mark_unknown(known.store, file["file_id"], file["key"])
    other = known.put("a.csv", HEADER + NEW_USER)
    ledger = {"read": 1, "accepted": 0, "quarantined": {"unknown_user": 1}, "duplicate": 0}
    known.set(other, state=state, run_id="20181201T120000999-0123abcd", ledger=ledger)
    unknown.unmark(known.store, file["file_id"])
    assert known.marked_files() == [file["file_id"]]


def test_a_mark_that_is_made_while_the_document_is_read_stays(known: World, monkeypatch: pytest.MonkeyPatch) -> None:
    file = known.put("a.csv", HEADER + GOOD)
    known.ingest_and_validate(file)
    unknown.mark_unknown(known.store, file["file_id"], file["key"])
    read = known.store.read

    def marking(key: str, version_id: str | None = None) -> object:
        found = read(key, version_id)
        if key == keys.file_key(file["file_id"]):
            monkeypatch.setattr(known.store, "read", read)
            unknown.mark_unknown(known.store, file["file_id"], file["key"])
            known.set(known.put("a.csv", HEADER + NEW_USER), state="running", run_id="20181201T120000999-0123abcd")
        return found

    monkeypatch.setattr(known.store, "read", marking)
    unknown.unmark(known.store, file["file_id"])
    assert known.marked_files() == [file["file_id"]]


def test_a_replay_knows_the_users_of_older_snapshots_and_of_the_newest(known: World) -> None:
    file = known.put("a.csv", HEADER + GOOD + b"u2,t1,2018-11-15 12:00:00\n" + NEW_USER)
    known.ingest_and_validate(file)
    snapshot(known, users=MORE_USERS.replace(b"u2,n,30,DE,2018-01-01\n", b""))
    again = known.replay(file)
    known.ingest_and_validate(again)
    assert known.entry(again)["ledger"] == {"read": 4, "accepted": 4, "quarantined": {}, "duplicate": 0}
    third = known.replay(again, cause="request:2")
    snapshot(known, users=USERS)
    known.ingest_and_validate(third)
    assert known.entry(third)["ledger"]["accepted"] == 4
    assert len(known.entry(third)["reference_versions"]) == 2


def test_a_file_whose_quarantine_has_expired_is_reprocessed(known: World) -> None:
    file = known.put("a.csv", HEADER + GOOD + NEW_USER)
    (entry,) = known.ingest_and_validate(file)["files"]
    known.store.delete(entry["quarantine_key"])
    snapshot(known, songs=SONGS + b"9,t9,A,N,1,1000,pop\n")
    assert len(known.replay_markers()) == 1


def test_an_unknown_id_in_the_last_batch_is_looked_up(known: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_requests, "BATCH", 3)
    rows = "".join(f"x{number},t1,2018-11-16 10:00:00\n" for number in range(10)).encode()
    known.ingest_and_validate(known.put("a.csv", HEADER + rows + NEW_USER + GOOD * 10))
    snapshot(known, users=MORE_USERS)
    assert len(known.replay_markers()) == 1


def test_a_row_that_only_contains_the_text_of_an_unknown_reason_requests_nothing(known: World) -> None:
    row = json.dumps({"user_id": "u1", "track_id": "t1", "listen_time": "unknown_user u9"})
    known.ingest_and_validate(
        known.put("a.json", f'{row}\n{{"user_id": "u7", "track_id": "t1", "listen_time": 1542276000}}\n'.encode())
    )
    snapshot(known, users=MORE_USERS)
    assert known.replay_markers() == []
