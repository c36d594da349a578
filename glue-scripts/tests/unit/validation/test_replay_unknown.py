"""Rows rejected as unknown: marked, looked at again by whoever builds the next snapshot, reprocessed."""

import json

import pytest
from support.schema import assert_conforms
from support.world import SONGS, USERS, World

from contracts import keys
from storage.store import encode, read_json
from validation import unknown

HEADER = b"user_id,track_id,listen_time\n"
GOOD = b"u1,t1,2018-11-15 10:00:00\nu1,t2,2018-11-15 11:00:00\n"
NEW_USER = b"u9,t1,2018-11-16 10:00:00\n"
MORE_USERS = USERS + b"u9,n,20,US,2018-01-01\n"


def snapshot(world: World, songs: bytes = SONGS, users: bytes = USERS) -> str:
    """The next snapshot, built by a run without files; its version."""
    world.reference(songs, users)
    return str(world.ingest(world.form())["reference_version"])


def test_unknown_rows_mark_their_file_and_others_do_not(known: World) -> None:
    bad = known.put("bad.csv", HEADER + GOOD + NEW_USER)
    known.through(bad, known.put("good.csv", HEADER + GOOD), known.put("late.csv", HEADER + GOOD + b"u1,t1,soon\n"))
    assert known.marked() == [bad["file_id"]]
    assert_conforms(read_json(known.store, keys.unknown_key(bad["file_id"])), "UnknownMarker")


@pytest.mark.parametrize(
    ("row", "songs", "users"),
    [
        (NEW_USER, SONGS, MORE_USERS),
        (b"u1,t9,2018-11-16 10:00:00\n", SONGS + b"9,t9,A,N,1,1000,pop\n", USERS),
        ("u1,tä 9,2018-11-16 10:00:00\n".encode(), SONGS + "9,tä 9,A,N,1,1000,pop\n".encode(), USERS),
    ],
)
def test_who_builds_a_snapshot_that_knows_a_rejected_row_asks_for_a_replay(
    known: World, row: bytes, songs: bytes, users: bytes
) -> None:
    file = known.put("a.csv", HEADER + GOOD + row)
    known.through(file, known.put("b.csv", HEADER + GOOD + b"u7,t1,2018-11-16 10:00:00\n"))
    version = snapshot(known, songs, users)
    (marker,) = known.asked()
    assert_conforms(marker, "ReplayMarker")
    assert (marker["file_id"], marker["key"]) == (file["file_id"], file["key"])
    asked = marker["replay"]
    assert (asked["of"], asked["cause"], asked["accept"]) == (1, f"snapshot:{version}", True)
    assert known.store.head(keys.replay_key(file["file_id"], 1, asked["cause"])) is not None


def test_a_second_attempt_asks_again_and_leaves_one_marker(known: World) -> None:
    known.through(known.put("a.csv", HEADER + GOOD + NEW_USER))
    known.reference(users=MORE_USERS)
    run_id = known.form()
    known.ingest(run_id)
    (first,) = known.asked()
    known.store.delete(keys.replay_key(first["file_id"], 1, first["replay"]["cause"]))
    known.store.delete(keys.result_key(run_id, "ingest"))
    known.ingest(run_id, attempt=2)
    assert [marker["replay"]["cause"] for marker in known.asked()] == [first["replay"]["cause"]]
    known.store.delete(keys.result_key(run_id, "ingest"))
    known.ingest(run_id, attempt=3)
    assert len(known.asked()) == 1


def test_a_run_that_pins_the_snapshot_of_another_looks_at_nothing(known: World) -> None:
    known.through(known.put("a.csv", HEADER + GOOD + NEW_USER))
    snapshot(known, users=MORE_USERS)
    for info in list(known.store.list(keys.REPLAYS_PREFIX)):
        known.store.delete(info.key)
    known.ingest(known.form())
    assert known.asked() == []


def test_a_held_file_is_asked_for_and_has_to_pass_the_threshold_itself(known: World) -> None:
    file = known.put("a.csv", HEADER + NEW_USER * 2 + b"u8,t1,2018-11-16 12:00:00\n")
    known.through(file)
    assert known.entry(file)["state"] == "held"
    snapshot(known, users=MORE_USERS)
    (marker,) = known.asked()
    assert marker["replay"]["accept"] is False
    again = known.replay(file, **{name: marker["replay"][name] for name in ("cause", "accept")})
    known.through(again)
    assert (known.entry(again)["state"], known.entry(again)["dates"]) == ("validated", {"2018-11-16": 1})


def test_of_several_versions_the_latest_validated_one_is_looked_at(known: World) -> None:
    known.through(known.put("a.csv", HEADER + GOOD + NEW_USER))
    held = known.put("a.csv", HEADER + NEW_USER)
    known.through(held)
    known.put("a.csv", HEADER + GOOD)
    snapshot(known, users=MORE_USERS)
    assert [marker["replay"]["of"] for marker in known.asked()] == [held["version"]]


def test_a_replay_accepts_what_is_known_by_now_and_unmarks_its_file(known: World) -> None:
    file = known.put("a.csv", HEADER + GOOD + NEW_USER)
    first = known.through(file)
    newest = snapshot(known, users=MORE_USERS)
    again = known.replay(file, accept=True)
    result = known.through(again)
    assert_conforms(result, "ValidateResult")
    assert_conforms(read_json(known.store, keys.file_key(file["file_id"])), "FileDocument")
    entry = known.entry(again)
    assert entry["ledger"] == {"read": 3, "accepted": 3, "quarantined": {}, "duplicate": 0}
    assert entry["reference_versions"] == [first["reference_version"], newest]
    assert result["touched_dates"] == ["2018-11-15", "2018-11-16"]
    assert known.marked() == []


def test_a_file_whose_correction_has_no_unknown_rows_is_unmarked(known: World) -> None:
    known.through(known.put("a.csv", HEADER + GOOD + NEW_USER))
    known.through(known.put("a.csv", HEADER + GOOD))
    assert known.marked() == []


@pytest.mark.parametrize("state", ["running", "validated"])
def test_a_mark_is_left_to_whoever_may_need_it(known: World, state: str) -> None:
    file = known.put("a.csv", HEADER + GOOD)
    known.through(file)
    unknown.mark_unknown(known.store, file["file_id"], file["key"])
    other = known.put("a.csv", HEADER + NEW_USER)
    ledger = {"read": 1, "accepted": 0, "quarantined": {"unknown_user": 1}, "duplicate": 0}
    known.set(other, state=state, run_id="20181201T120000999-0123abcd", ledger=ledger)
    unknown.unmark(known.store, file["file_id"])
    assert known.marked() == [file["file_id"]]


def test_a_mark_made_while_the_file_is_looked_at_stays(known: World, monkeypatch: pytest.MonkeyPatch) -> None:
    file = known.put("a.csv", HEADER + GOOD)
    known.through(file)
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
    assert known.marked() == [file["file_id"]]


def test_what_a_snapshot_has_lost_stays_accepted_and_its_new_users_are_known_too(known: World) -> None:
    file = known.put("a.csv", HEADER + GOOD + b"u2,t1,2018-11-15 12:00:00\n" + NEW_USER)
    known.through(file)
    snapshot(known, users=MORE_USERS.replace(b"u2,n,30,DE,2018-01-01\n", b""))
    again = known.replay(file)
    known.through(again)
    assert known.entry(again)["ledger"] == {"read": 4, "accepted": 4, "quarantined": {}, "duplicate": 0}
    third = known.replay(again, cause="request:2")
    snapshot(known, users=USERS)
    known.through(third)
    assert known.entry(third)["ledger"]["accepted"] == 4
    assert len(known.entry(third)["reference_versions"]) == 2


def test_documents_of_before_there_were_replays_are_reprocessed_all_the_same(known: World) -> None:
    file = known.put("a.csv", HEADER + GOOD + NEW_USER)
    result = known.through(file)
    path = keys.file_key(file["file_id"])
    document = read_json(known.store, path)
    for name in ("content_version", "replay", "reference_versions"):
        del document["versions"][0][name]
    known.store.put(path, encode(document))
    newest = snapshot(known, users=MORE_USERS.replace(b"u1,", b"u0,"))
    assert len(known.asked()) == 1
    known.set(file, content_version=None, replay=None)
    again = known.replay(file)
    known.through(again)
    assert known.entry(again)["reference_versions"] == [result["reference_version"], newest]
    assert known.entry(again)["ledger"]["accepted"] == 3


def test_a_quarantine_that_the_lifecycle_took_is_reprocessed_to_be_sure(known: World) -> None:
    file = known.put("a.csv", HEADER + GOOD + NEW_USER)
    told = known.through(file)["files"][0]
    known.store.delete(told["quarantine_key"])
    snapshot(known, songs=SONGS + b"9,t9,A,N,1,1000,pop\n")
    assert len(known.asked()) == 1


def test_names_are_looked_up_in_batches_to_the_last(known: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown, "BATCH", 3)
    rows = "".join(f"x{number},t1,2018-11-16 10:00:00\n" for number in range(10)).encode()
    known.through(known.put("a.csv", HEADER + rows + NEW_USER + GOOD * 10))
    snapshot(known, users=MORE_USERS)
    assert len(known.asked()) == 1


def test_a_row_that_only_reads_like_an_unknown_one_asks_for_nothing(known: World) -> None:
    row = json.dumps({"user_id": "u1", "track_id": "t1", "listen_time": "unknown_user u9"})
    known.through(
        known.put("a.json", f'{row}\n{{"user_id": "u7", "track_id": "t1", "listen_time": 1542276000}}\n'.encode())
    )
    snapshot(known, users=MORE_USERS)
    assert known.asked() == []
